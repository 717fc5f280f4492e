/* The rows of ports' JSON, and of the events of --watch. */
#ifndef LOPING_CLIENT_PORTS_PORTS_SCHEMA_H
#define LOPING_CLIENT_PORTS_PORTS_SCHEMA_H

#include "common/schema/schema.h"

extern const struct schema_object ports_schema;

extern const struct schema_object ports_schema_began;
extern const struct schema_object ports_schema_change;
extern const struct schema_object ports_schema_unused;
extern const struct schema_object ports_schema_ended;

#endif
