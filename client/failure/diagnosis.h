/* From a failed measurement to its explanation: gathers the facts that explain_client.c decides on. */
#ifndef LOPING_CLIENT_FAILURE_DIAGNOSIS_H
#define LOPING_CLIENT_FAILURE_DIAGNOSIS_H

#include "client/run/run_failure.h"
#include "common/explain/explanation.h"

/* Looks up who has the target's port, when that can tell why it failed, and explains. *sockets is what was found, and
 * the caller frees it; NULL if nothing was looked up. */
void diagnosis_explain(struct client_failure *failure, struct explanation *explanation, struct port_report **sockets);

#endif
