/*
 * Counts of durations in fixed memory: a log-linear histogram with 3 significant digits from 1 ns to 4,398 s.
 *
 * The layout is HdrHistogram's (Gil Tene, http://hdrhistogram.org): a value is counted in a sub-bucket whose width is
 * at most a thousandth of it. Values below 2,048 ns are counted exactly. Pure, no allocation after histogram_create().
 */
#ifndef LOPING_CLIENT_STATS_HISTOGRAM_H
#define LOPING_CLIENT_STATS_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 42 bits: longer than the longest --timeout (3,600 s), and than what its guard may be late by. */
#define HISTOGRAM_MAX_NS ((UINT64_C(1) << 42) - 1)

struct histogram;

/* NULL if memory ran out (about 270 KiB). The caller frees it. */
struct histogram *histogram_create(void);
void histogram_free(struct histogram *histogram);

/* Forgets everything recorded. */
void histogram_reset(struct histogram *histogram);

/* Counts one value in ns. 0 counts as 1; a value above HISTOGRAM_MAX_NS is counted there, and its true size still
 * enters min, max, mean and standard deviation; histogram_clamped() says how many there were. */
void histogram_record(struct histogram *histogram, uint64_t ns);

uint64_t histogram_count(const struct histogram *histogram);
uint64_t histogram_clamped(const struct histogram *histogram);

/* All 0 when nothing was recorded. Exact, not from the buckets. */
uint64_t histogram_min(const struct histogram *histogram);
uint64_t histogram_max(const struct histogram *histogram);
double histogram_mean(const struct histogram *histogram);
/* Of the sample (divides by count - 1); 0 below two values. */
double histogram_stddev(const struct histogram *histogram);

/* The value at or below which `percent` (0 to 100) of the recorded values lie: the nearest-rank definition, as the
 * highest value of its sub-bucket, and never above the maximum. 0 when nothing was recorded. */
uint64_t histogram_percentile(const struct histogram *histogram, double percent);

/* Steps over the sub-buckets that counted something, from the lowest. Begin with *cursor = 0; false at the end.
 * `upper_ns` is the highest value that the sub-bucket counts. */
bool histogram_next(const struct histogram *histogram, size_t *cursor, uint64_t *upper_ns, uint64_t *count);

#endif
