/* What one histogram_record() costs, in nanoseconds: values spread as round trips are. Prints the best of five rounds.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/stats/histogram.h"
#include "common/text/clock.h"

#define VALUES 65536
#define ROUNDS 5
#define PASSES 100

int main(void) {
  static uint32_t values[VALUES];
  struct histogram *histogram = histogram_create();
  if (histogram == NULL) return 1;
  srand(1);
  for (size_t i = 0; i < VALUES; i++)
    values[i] = 15000u + (uint32_t)rand() % 8000u + (i % 100 == 0 ? (uint32_t)rand() % 1000000u : 0);
  double best_ns = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t begin_ns = clock_now_ns();
    for (int pass = 0; pass < PASSES; pass++)
      for (size_t i = 0; i < VALUES; i++)
        histogram_record(histogram, values[i]);
    double each_ns = (double)(clock_now_ns() - begin_ns) / ((double)VALUES * PASSES);
    if (each_ns < best_ns) best_ns = each_ns;
  }
  printf("%.2f ns a record (%llu recorded, p50 %llu ns)\n", best_ns, (unsigned long long)histogram_count(histogram),
         (unsigned long long)histogram_percentile(histogram, 50));
  histogram_free(histogram);
  return 0;
}
