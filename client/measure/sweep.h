/* The payload sizes of a sweep, and what their results show together. Pure. */
#ifndef LOPING_CLIENT_MEASURE_SWEEP_H
#define LOPING_CLIENT_MEASURE_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SWEEP_SIZES_MAX    24
#define SWEEP_SIZE_MAX     (1024 * 1024)
#define SWEEP_PROBLEM_SIZE 256

/* Reads "64,1KiB,64KiB": 1 to SWEEP_SIZES_MAX sizes from 1 B to 1 MiB, each larger than the one before. NULL means 1 B
 * to 1 MiB, each four times the one before. Returns false with a sentence in `problem` (SWEEP_PROBLEM_SIZE bytes). */
bool sweep_parse_sizes(const char *text, uint64_t sizes[SWEEP_SIZES_MAX], size_t *count, char *problem);

/* One size's figures; 0 where something was not measured. */
struct sweep_point {
  uint64_t bytes;
  double rtt_p50_ns;
  double bits_per_second;
};

/* Where the size begins to matter. */
struct sweep_knee {
  bool has_rtt;
  size_t flat_until; /* index: up to it, p50 stays within half as much again of the fastest size's */
  bool has_throughput;
  size_t best;   /* index of the highest throughput */
  size_t nearly; /* index of the smallest size that reaches nine tenths of it */
};

void sweep_find_knee(const struct sweep_point *points, size_t count, struct sweep_knee *knee);

#endif
