/* The rows of the result file and of the lines of --json-stream. */
#ifndef LOPING_CLIENT_REPORTS_JSON_SCHEMA_H
#define LOPING_CLIENT_REPORTS_JSON_SCHEMA_H

#include "common/schema/schema.h"

extern const struct schema_object json_schema_result;
extern const struct schema_object json_schema_interval_event;
extern const struct schema_object json_schema_result_event;

/* A part of the first: the machine. */
extern const struct schema_object json_schema_environment;

#endif
