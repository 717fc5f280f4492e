/* Confidence intervals from slices; the method is in confidence.h. Knows no run. */
#include "client/result/confidence.h"

#include <math.h>
#include <string.h>

#include "client/stats/student_t.h"

static bool is_full(const struct result_interval *slice) {
  return slice->duration_ns >= CONFIDENCE_SLICE_NS_MIN && slice->round_trips > 0;
}

static double p50_of(const struct result_interval *slice) {
  return (double)slice->rtt_p50_ns;
}

static double p99_of(const struct result_interval *slice) {
  return (double)slice->rtt_p99_ns;
}

/* `n` is the number of full slices, at least 2. */
static void find_interval(const struct result_interval *slices, size_t count, size_t n,
                          double (*value_of)(const struct result_interval *slice), struct result_bounds *out) {
  double sum = 0, squares = 0;
  for (size_t i = 0; i < count; i++)
    if (is_full(&slices[i])) sum += value_of(&slices[i]);
  double mean = sum / (double)n;
  for (size_t i = 0; i < count; i++) {
    double distance = is_full(&slices[i]) ? value_of(&slices[i]) - mean : 0;
    squares += distance * distance;
  }
  double deviation = sqrt(squares / (double)(n - 1));
  double reach = student_t_quantile(0.975, (double)(n - 1)) * deviation / sqrt((double)n);
  out->is_known = true;
  out->low_ns = reach < mean ? mean - reach : 0;
  out->high_ns = mean + reach;
}

void confidence_of(const struct result_interval *slices, size_t count, struct result_confidence *out) {
  size_t full = 0;
  bool has_p99 = true;
  memset(out, 0, sizeof *out);
  for (size_t i = 0; i < count; i++) {
    if (!is_full(&slices[i])) continue;
    full++;
    has_p99 = has_p99 && slices[i].round_trips >= CONFIDENCE_P99_SAMPLES_MIN;
  }
  out->slices = full;
  if (full < CONFIDENCE_SLICES_MIN) return;
  find_interval(slices, count, full, p50_of, &out->p50);
  if (has_p99) find_interval(slices, count, full, p99_of, &out->p99);
}
