/* Keeps Ctrl-C from ending the program between two measurements, or before their report is printed. While a run lasts
 * it has handlers of its own; this one is there for the gaps. */
#ifndef LOPING_CLIENT_MEASURE_SIGNAL_WATCH_H
#define LOPING_CLIENT_MEASURE_SIGNAL_WATCH_H

#include <stdbool.h>
#include <uv.h>

struct signal_watch {
  uv_loop_t loop; /* its own, as each run has one */
  uv_signal_t interrupt, terminate, hang_up;
  bool is_open;
  bool has_come;
};

/* Begins to watch for SIGINT, SIGTERM and, unless it is ignored, SIGHUP. Without memory it does not, and they end the
 * program as usual. */
void signal_watch_begin(struct signal_watch *watch);

/* Has one of them come since the beginning, in a run or between two? */
bool signal_watch_has_come(struct signal_watch *watch);

void signal_watch_end(struct signal_watch *watch);

#endif
