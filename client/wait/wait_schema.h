/* The rows of wait's JSON. */
#ifndef LOPING_CLIENT_WAIT_WAIT_SCHEMA_H
#define LOPING_CLIENT_WAIT_WAIT_SCHEMA_H

#include "common/schema/schema.h"

extern const struct schema_object wait_schema;

#endif
