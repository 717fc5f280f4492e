/*
 * A log-linear histogram of durations; the layout and its source are named in histogram.h.
 *
 * Bucket 0 counts 0 to 2,047 one by one. Each further bucket covers twice the range of the one before with sub-buckets
 * twice as wide; of its 2,048 sub-buckets the lower half lies in the bucket before, so that only 1,024 are new:
 *
 *   bucket        0          1              2
 *   values   0 .. 2047   2048 .. 4095   4096 .. 8191   ...
 *   width        1          2              4
 *   slots    0 .. 2047   2048 .. 3071   3072 .. 4095
 */
#include "client/stats/histogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"

/* The smallest power of two that tells 2,000 from 2,001: 3 significant digits at every scale. */
#define SUB_BUCKET_BITS 11
#define SUB_BUCKETS     (1u << SUB_BUCKET_BITS)
#define HALF_BITS       (SUB_BUCKET_BITS - 1)
#define HALF            (SUB_BUCKETS / 2)
/* The longest value needs 42 bits: 31 buckets beyond the first. */
#define SLOTS (SUB_BUCKETS + 31 * HALF)

struct histogram {
  uint64_t count;
  uint64_t clamped;
  uint64_t min;
  uint64_t max;
  /* Sums of the distance to the first value, not to zero: of figures that lie close together the squares' difference
   * would otherwise be lost in rounding (Chan, Golub and LeVeque 1983, "shifted data"). */
  uint64_t origin;
  double sum;
  double sum_of_squares;
  uint64_t slots[SLOTS];
};

struct histogram *histogram_create(void) {
  return memory_take_zeroed(1, sizeof(struct histogram));
}

void histogram_free(struct histogram *histogram) {
  free(histogram);
}

void histogram_reset(struct histogram *histogram) {
  memset(histogram, 0, sizeof *histogram);
}

static size_t slot_of(uint64_t ns) {
  if (ns < SUB_BUCKETS) return (size_t)ns;
  unsigned shift = 63u - (unsigned)__builtin_clzll(ns) - HALF_BITS;
  return ((size_t)shift << HALF_BITS) + (size_t)(ns >> shift);
}

/* The highest value that a slot counts. */
static uint64_t slot_upper_ns(size_t slot) {
  if (slot < SUB_BUCKETS) return slot;
  unsigned shift = (unsigned)((slot - SUB_BUCKETS) / HALF) + 1;
  uint64_t sub_bucket = slot - ((size_t)shift << HALF_BITS);
  return ((sub_bucket + 1) << shift) - 1;
}

void histogram_record(struct histogram *histogram, uint64_t ns) {
  if (ns == 0) ns = 1;
  if (histogram->count == 0) {
    histogram->origin = ns;
    histogram->min = ns;
  }
  if (ns < histogram->min) histogram->min = ns;
  if (ns > histogram->max) histogram->max = ns;
  histogram->count++;
  double distance = (double)(int64_t)(ns - histogram->origin);
  histogram->sum += distance;
  histogram->sum_of_squares += distance * distance;
  if (ns > HISTOGRAM_MAX_NS) {
    histogram->clamped++;
    ns = HISTOGRAM_MAX_NS;
  }
  histogram->slots[slot_of(ns)]++;
}

uint64_t histogram_count(const struct histogram *histogram) {
  return histogram->count;
}

uint64_t histogram_clamped(const struct histogram *histogram) {
  return histogram->clamped;
}

uint64_t histogram_min(const struct histogram *histogram) {
  return histogram->min;
}

uint64_t histogram_max(const struct histogram *histogram) {
  return histogram->max;
}

double histogram_mean(const struct histogram *histogram) {
  if (histogram->count == 0) return 0;
  return (double)histogram->origin + histogram->sum / (double)histogram->count;
}

double histogram_stddev(const struct histogram *histogram) {
  if (histogram->count < 2) return 0;
  double count = (double)histogram->count;
  double squares = histogram->sum_of_squares - histogram->sum * histogram->sum / count;
  return squares > 0 ? sqrt(squares / (count - 1)) : 0;
}

uint64_t histogram_percentile(const struct histogram *histogram, double percent) {
  if (histogram->count == 0) return 0;
  /* The tiny step back keeps 99.9 % of 1,000 at rank 999, where the product alone gives 999.0000000000001. */
  double exact = percent / 100 * (double)histogram->count;
  double rank = ceil(exact - exact * 1e-12);
  if (rank < 1) rank = 1;
  uint64_t seen = 0;
  for (size_t i = 0; i < SLOTS; i++) {
    seen += histogram->slots[i];
    if ((double)seen < rank) continue;
    uint64_t upper = slot_upper_ns(i);
    /* The last value's own slot also holds those that were clamped. */
    return upper > histogram->max || seen == histogram->count ? histogram->max : upper;
  }
  return histogram->max;
}

bool histogram_next(const struct histogram *histogram, size_t *cursor, uint64_t *upper_ns, uint64_t *count) {
  while (*cursor < SLOTS) {
    size_t slot = (*cursor)++;
    if (histogram->slots[slot] == 0) continue;
    *upper_ns = slot_upper_ns(slot);
    *count = histogram->slots[slot];
    return true;
  }
  return false;
}
