/* Does a distribution have two modes, so that one middle says nothing of it? Pure. */
#ifndef LOPING_CLIENT_STATS_MODES_H
#define LOPING_CLIENT_STATS_MODES_H

#include <stdbool.h>
#include <stdint.h>

#include "client/stats/histogram.h"

/* Either side of the valley between two modes. */
struct mode {
  uint64_t count;
  uint64_t p50_ns;
};

/* Two modes, the lower first. True only when they are clearly apart: each holds at least 5 % of the values around a
 * peak of its own, the valley between them is at most a third of the lower peak, by more than chance makes it, and
 * their medians differ by more than 20 %. A long tail is no mode. False below MODES_SAMPLES_MIN values. */
bool modes_find(const struct histogram *histogram, struct mode modes[2]);

#define MODES_SAMPLES_MIN 200
#define MODES_SHARE_MIN   0.05
#define MODES_RATIO_MIN   1.2

#endif
