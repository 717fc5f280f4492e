/* Bars with round edges. Pure. */
#include "client/reports/bars.h"

#include <stdbool.h>
#include <string.h>

static const double steps[] = {1, 1.5, 2, 3, 5, 7};
#define STEPS (sizeof steps / sizeof steps[0])

/* The n-th round number: 1, 1.5, 2, 3, 5, 7, 10, 15, ... ns */
static uint64_t edge_at(size_t n) {
  double power = 1;
  for (size_t i = 0; i < n / STEPS; i++)
    power *= 10;
  return (uint64_t)(steps[n % STEPS] * power);
}

/* The first round number at or above ns. */
static size_t edge_above(uint64_t ns) {
  size_t n = 0;
  while (edge_at(n) < ns)
    n++;
  return n;
}

size_t bars_of(const struct histogram *histogram, struct bar bars[BARS_MAX]) {
  memset(bars, 0, BARS_MAX * sizeof *bars);
  if (histogram_count(histogram) == 0) return 0;
  uint64_t max = histogram_max(histogram);
  size_t first = edge_above(histogram_percentile(histogram, 1));
  size_t last = edge_above(max);
  size_t count = last - first + 1 < BARS_MAX ? last - first + 1 : BARS_MAX;
  for (size_t i = 0; i < count; i++)
    bars[i].upper_ns = i + 1 == count ? max : edge_at(first + i);
  size_t cursor = 0, bar = 0;
  uint64_t upper_ns, slot_count;
  while (histogram_next(histogram, &cursor, &upper_ns, &slot_count)) {
    while (bar + 1 < count && upper_ns > bars[bar].upper_ns)
      bar++;
    bars[bar].count += slot_count;
  }
  return count;
}
