/* A distribution as a few bars. Pure. */
#ifndef LOPING_CLIENT_REPORTS_BARS_H
#define LOPING_CLIENT_REPORTS_BARS_H

#include <stddef.h>
#include <stdint.h>

#include "client/stats/histogram.h"

#define BARS_MAX 6

struct bar {
  uint64_t upper_ns; /* values above the bar before and up to this; of the last: the maximum */
  uint64_t count;
};

/* Splits a histogram into at most BARS_MAX bars of one width, which is 1, 2 or 5 times a power of ten, so that p1 to
 * p99 fill them; the first also holds what lies below, the last is the tail up to the maximum. Returns their number, 0
 * for an empty histogram. A sub-bucket counts where its upper end lies. */
size_t bars_of(const struct histogram *histogram, struct bar bars[BARS_MAX]);

#endif
