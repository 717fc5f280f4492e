/* Does a distribution have two humps, so that one middle says nothing of it? Pure. */
#ifndef LOPING_CLIENT_STATS_MODES_H
#define LOPING_CLIENT_STATS_MODES_H

#include <stdbool.h>
#include <stdint.h>

#include "client/stats/histogram.h"

/* Either side of the valley between two humps. */
struct hump {
  uint64_t count;
  uint64_t p50_ns;
};

/* Two humps, the lower first. True only when they are clearly apart: each holds at least 5 % of the values around a
 * peak of its own, the valley between them is at most a third of the lower peak, by more than chance makes it, and
 * their medians differ by more than 20 %. A long tail is no hump. False below HUMPS_SAMPLES_MIN values. */
bool humps_find(const struct histogram *histogram, struct hump humps[2]);

#define HUMPS_SAMPLES_MIN 200
#define HUMPS_SHARE_MIN   0.05
#define HUMPS_RATIO_MIN   1.2

#endif
