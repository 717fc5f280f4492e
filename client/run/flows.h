/* Opening a run's connections, greeting the peer on each, and passing on what happens on them. */
#ifndef LOPING_CLIENT_RUN_FLOWS_H
#define LOPING_CLIENT_RUN_FLOWS_H

#include "client/run/run.h"

/* Opens as many of the run's flows as may be connecting at once; the others follow as these become ready. When all
 * are, the run begins. */
void flows_open(struct run *run);

/* Closes the flow's connection and opens a new one to the same endpoint, without a greeting; `source` is the address to
 * connect from, or NULL. The workload's on_reconnected follows, maybe before this returns. */
void flows_reconnect(struct flow *flow, const struct sockaddr_storage *source);

/* Fails the run when a flow waits longer for its connection or greeting than the plan allows, and asks the workload
 * about those that are ready. To be called a few times within that limit. */
void flows_guard(struct run *run, uint64_t now_ns);

/* Something moves on the flow: a loop that busy-polls spins from now on, and asks it directly. */
void flows_note(struct flow *flow);

#endif
