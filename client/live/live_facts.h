/* What a view of a run is made of. Plain data. */
#ifndef LOPING_CLIENT_LIVE_LIVE_FACTS_H
#define LOPING_CLIENT_LIVE_LIVE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/stats/coarse.h"

/* Of the last minute, as a cell is at most a second. */
#define LIVE_CELLS       60
#define LIVE_TARGET_SIZE 320

enum live_phase { LIVE_OPENING, LIVE_WARMING, LIVE_MEASURING, LIVE_ENDING };

/* What the run has counted when it was looked at: all that leaves the measuring thread. */
struct live_snapshot {
  unsigned run; /* 1 for the command's first; with another one all begins anew */
  unsigned run_count;
  const char *name;              /* of the workload */
  char target[LIVE_TARGET_SIZE]; /* escaped */
  enum live_phase phase;
  bool has_round_trips; /* it times messages; otherwise it counts bytes */
  uint64_t elapsed_ns;  /* of the measured time */
  uint64_t total_ns;    /* that it will last; 0: not known */
  uint64_t wanted;      /* round trips; 0: no number was given */
  uint64_t round_trips;
  uint64_t bytes_moved;
  uint64_t errors; /* lost, corrupted, doubled, reordered, timed out, failed connections */
  struct coarse rtt;
  /* Of ping, where each reply is of interest by itself; DRAW_GAP: none came. */
  bool is_ping;
  uint64_t reply_count; /* ever; the newest is replies[(reply_count - 1) % LIVE_CELLS] */
  double replies[LIVE_CELLS];
};

struct live_window {
  double p50_ns, p99_ns;
  double per_second; /* round trips, or bits */
  uint64_t errors;
};

struct live_cell {
  double p99_ns;
  double per_second;
};

/* What is to be seen. */
struct live_facts {
  const struct live_snapshot *now;
  double share; /* of the run that is over, 0 to 1; below 0: not known */
  uint64_t left_ns;
  struct live_window last; /* second */
  struct live_window all;
  uint64_t cell_ns;
  size_t cell_count;
  struct live_cell cells[LIVE_CELLS]; /* the oldest first */
};

#endif
