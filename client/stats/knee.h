/* Where the size of a payload begins to matter. Pure. */
#ifndef LOPING_CLIENT_STATS_KNEE_H
#define LOPING_CLIENT_STATS_KNEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One size's figures; 0 where something was not measured. */
struct knee_point {
  uint64_t bytes;
  double rtt_p50_ns;
  double bits_per_second;
};

/* Where the size begins to matter. */
struct knee {
  bool has_rtt;
  size_t flat_until; /* index: up to it, p50 stays within half as much again of the fastest size's */
  bool has_throughput;
  size_t best;   /* index of the highest throughput */
  size_t nearly; /* index of the smallest size that reaches nine tenths of it */
};

void knee_find(const struct knee_point *points, size_t count, struct knee *knee);

#endif
