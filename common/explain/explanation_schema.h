/* The rows of what explanation.h writes as JSON. */
#ifndef LOPING_COMMON_EXPLAIN_EXPLANATION_SCHEMA_H
#define LOPING_COMMON_EXPLAIN_EXPLANATION_SCHEMA_H

#include "common/schema/schema.h"

/* Of explain_to_json and explain_holder_to_json. */
extern const struct schema_object explanation_schema_error;
extern const struct schema_object explanation_schema_holder;

/* The only texts of a "transport". */
extern const char *const explanation_schema_transports[];

#endif
