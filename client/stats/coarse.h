/*
 * Counts of durations for a view that is drawn while they come: log-linear as histogram.h, but 32 slots for each
 * doubling (3 % wide) and 10 KiB in all, so that it can be copied whole ten times a second. Pure.
 */
#ifndef LOPING_CLIENT_STATS_COARSE_H
#define LOPING_CLIENT_STATS_COARSE_H

#include <stddef.h>
#include <stdint.h>

#define COARSE_BITS  5
#define COARSE_HALF  (1u << COARSE_BITS)
#define COARSE_SLOTS (38u * COARSE_HALF)

struct coarse {
  uint64_t count;
  uint64_t slots[COARSE_SLOTS];
};

/* The slot of a duration; what is longer than 2^42 ns (an hour) counts in the last. In the header, as each message
 * needs it. */
static inline size_t coarse_slot(uint64_t ns) {
  if (ns < COARSE_HALF) return (size_t)ns;
  unsigned shift = 63u - (unsigned)__builtin_clzll(ns) - COARSE_BITS;
  size_t slot = ((size_t)(shift + 1) << COARSE_BITS) + ((size_t)(ns >> shift) - COARSE_HALF);
  return slot < COARSE_SLOTS ? slot : COARSE_SLOTS - 1;
}

static inline void coarse_record(struct coarse *coarse, uint64_t ns) {
  coarse->count++;
  coarse->slots[coarse_slot(ns)]++;
}

/* Where a slot begins, and with it the one before ends. */
uint64_t coarse_lower_ns(size_t slot);

/* What was counted since `before`, into `out`. */
void coarse_since(const struct coarse *now, const struct coarse *before, struct coarse *out);

/* The percentile (0 to 100), to within 2 %: from the middle of its slot. 0 where nothing was counted. */
double coarse_percentile(const struct coarse *coarse, double percent);

#endif
