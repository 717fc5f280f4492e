/* What was measured and with whom, as the result file says it, and the rows that it is written from. */
#ifndef LOPING_CLIENT_REPORTS_JSON_WORKLOAD_H
#define LOPING_CLIENT_REPORTS_JSON_WORKLOAD_H

#include <jansson.h>

#include "client/result/result.h"
#include "common/schema/schema.h"

/* Each returns a new reference. */
json_t *json_workload_object(const struct result_workload *workload);
json_t *json_peer_object(const struct result_peer *peer);

extern const struct schema_object json_schema_workload;
extern const struct schema_object json_schema_peer;

#endif
