/* Bars of one round width. Pure. */
#include "client/reports/bars.h"

#include <string.h>

/* The smallest of 1, 2, 5, 10, 20, 50, ... that is at least `ns`. */
static uint64_t round_width(uint64_t ns) {
  static const uint64_t steps[] = {1, 2, 5};
  for (uint64_t power = 1;; power *= 10)
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
      if (steps[i] * power >= ns) return steps[i] * power;
}

size_t bars_of(const struct histogram *histogram, struct bar bars[BARS_MAX]) {
  memset(bars, 0, BARS_MAX * sizeof *bars);
  if (histogram_count(histogram) == 0) return 0;
  uint64_t max = histogram_max(histogram);
  uint64_t low = histogram_percentile(histogram, 1);
  uint64_t high = histogram_percentile(histogram, 95);
  /* The last bar is the tail; of the others one may be lost to rounding at either end. */
  uint64_t width = round_width((high - low) / (BARS_MAX - 3) + 1);
  uint64_t first = (low / width + 1) * width;
  size_t count = 1;
  while (count < BARS_MAX && first + (count - 1) * width < max)
    count++;
  for (size_t i = 0; i < count; i++)
    bars[i].upper_ns = i + 1 == count ? max : first + i * width;
  size_t cursor = 0, bar = 0;
  uint64_t upper_ns, slot_count;
  while (histogram_next(histogram, &cursor, &upper_ns, &slot_count)) {
    while (bar + 1 < count && upper_ns > bars[bar].upper_ns)
      bar++;
    bars[bar].count += slot_count;
  }
  return count;
}
