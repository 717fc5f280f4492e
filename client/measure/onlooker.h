/* What the person at the terminal, and the files that are written meanwhile, learn of a run: a live view or a line of
 * progress, the lines of ping, each round trip, each second. */
#ifndef LOPING_CLIENT_MEASURE_ONLOOKER_H
#define LOPING_CLIENT_MEASURE_ONLOOKER_H

#include "client/measure/measurement.h"

/* Decides what is shown, and begins the view. Before the client keeps to a CPU: the thread that draws shall not. */
void onlooker_begin(struct measurement *measurement);

/* The observer of the command's next run. */
struct run_observer onlooker_of(struct measurement *measurement, const struct workload *workload);

/* The run is over: the line of progress goes, the view stays for the next run. */
void onlooker_end_run(const struct measurement *measurement);

/* Nothing of it stays on the terminal. To be called before anything else is written there. */
void onlooker_end(struct measurement *measurement);

#endif
