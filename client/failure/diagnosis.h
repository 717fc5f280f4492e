/* From a failed measurement to its explanation: looks at the target a second time, as `loping check` does. */
#ifndef LOPING_CLIENT_FAILURE_DIAGNOSIS_H
#define LOPING_CLIENT_FAILURE_DIAGNOSIS_H

#include "client/run/run_failure.h"
#include "common/explain/explanation.h"

/* Examines the target where that can tell why the run failed, and explains. A port that refuses is told at once, a
 * silent one within the run's own time limit. *sockets is who has the target's port, and the caller frees it; NULL if
 * nothing was looked up. */
void diagnosis_explain(struct client_failure *failure, struct explanation *explanation, struct port_report **sockets);

#endif
