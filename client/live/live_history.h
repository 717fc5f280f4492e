/* The snapshots of a run, kept as far as the view needs them: the last second, and a cell for each moment of the last
 * minute. Pure. */
#ifndef LOPING_CLIENT_LIVE_LIVE_HISTORY_H
#define LOPING_CLIENT_LIVE_LIVE_HISTORY_H

#include "client/live/live_facts.h"

/* Snapshots come ten times a second at most. */
#define LIVE_MOMENTS 12

struct live_moment {
  uint64_t elapsed_ns;
  uint64_t round_trips;
  uint64_t bytes_moved;
  uint64_t errors;
  struct coarse rtt;
};

struct live_history {
  unsigned run;
  uint64_t cell_ns;
  size_t cell_count; /* ever */
  struct live_cell cells[LIVE_CELLS];
  struct live_moment cell_begin;
  size_t moment_count; /* ever; a ring */
  struct live_moment moments[LIVE_MOMENTS];
  struct coarse difference; /* room for one */
};

/* Takes a snapshot in, later than all before, and makes the facts, which point to it. All zeros is an empty history. */
void live_history_add(struct live_history *history, const struct live_snapshot *now, struct live_facts *facts);

#endif
