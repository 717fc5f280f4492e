/* What a server has counted over the last minute, as far as its view needs it. Pure. */
#ifndef LOPING_SERVER_SAY_LIVE_COUNTS_H
#define LOPING_SERVER_SAY_LIVE_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/say/server_stats.h"

#define LIVE_CELLS   60
#define LIVE_MOMENTS 8
#define LIVE_LOOK_MS 200

/* What is drawn over time. */
enum live_figure {
  LIVE_OPEN,
  LIVE_OPENED,
  LIVE_CLOSED,
  LIVE_MESSAGES,
  LIVE_IN,
  LIVE_OUT,
  LIVE_REFUSALS,
  LIVE_ERRORS,
  LIVE_FIGURES
};

struct live_moment {
  uint64_t elapsed_ns;
  struct server_stats stats;
};

struct live_counts {
  size_t moment_count; /* ever; a ring */
  struct live_moment moments[LIVE_MOMENTS];
  struct live_moment cell_begin;
  size_t cell_count; /* ever; each a second */
  double cells[LIVE_FIGURES][LIVE_CELLS];
  double now[LIVE_FIGURES]; /* of the last second; LIVE_OPEN: at this moment */
};

/* Takes in what is counted since the start, later than all before. All zeros is the start. */
void live_counts_add(struct live_counts *counts, uint64_t elapsed_ns, const struct server_stats *stats);

/* The newest. */
const struct live_moment *live_counts_newest(const struct live_counts *counts);

/* How often the counted thing came so far; of LIVE_OPEN the most at once. */
uint64_t live_counts_total(const struct server_stats *stats, enum live_figure figure);

/* The cells in the order of time, the newest last; returns their number. */
size_t live_counts_cells(const struct live_counts *counts, enum live_figure figure, double cells[LIVE_CELLS]);

#endif
