/* Runs one workload: connect, greet, warm up, measure, drain. The phases are drawn in run.h. */
#ifndef LOPING_CLIENT_RUN_MEASURE_H
#define LOPING_CLIENT_RUN_MEASURE_H

#include "client/run/run.h"

/* Measures by `plan` and fills `result`, which the caller has initialised and clears. Blocks until done; Ctrl-C ends it
 * early. Returns true when it came to its end, false when it failed: then `failure` says how (its `sockets` are
 * NULL), and `result` still holds what was measured before. `observer` may have NULL slots. */
bool measure_run(const struct run_plan *plan, const struct run_observer *observer, struct result_run *result,
                 struct client_failure *failure);

#endif
