/* The rows of compare's JSON. */
#ifndef LOPING_CLIENT_COMPARE_COMPARE_SCHEMA_H
#define LOPING_CLIENT_COMPARE_COMPARE_SCHEMA_H

#include "common/schema/schema.h"

extern const struct schema_object compare_schema;

#endif
