/* See knee.h. */
#include "client/stats/knee.h"

#include <string.h>

void knee_find(const struct knee_point *points, size_t count, struct knee *knee) {
  double fastest = 0;
  memset(knee, 0, sizeof *knee);
  for (size_t i = 0; i < count; i++) {
    if (points[i].rtt_p50_ns > 0 && (fastest == 0 || points[i].rtt_p50_ns < fastest)) fastest = points[i].rtt_p50_ns;
    if (points[i].bits_per_second > points[knee->best].bits_per_second) knee->best = i;
  }
  knee->has_rtt = fastest > 0;
  /* The largest such size, so that one noisy small size does not pass for the knee. */
  for (size_t i = 0; i < count; i++)
    if (points[i].rtt_p50_ns > 0 && points[i].rtt_p50_ns <= 1.5 * fastest) knee->flat_until = i;
  knee->has_throughput = count > 0 && points[knee->best].bits_per_second > 0;
  knee->nearly = knee->best;
  for (size_t i = 0; knee->has_throughput && i < count; i++) {
    if (points[i].bits_per_second < 0.9 * points[knee->best].bits_per_second) continue;
    knee->nearly = i;
    return;
  }
}
