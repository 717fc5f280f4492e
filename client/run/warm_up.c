/* The end of a warm-up; see warm_up.h. */
#include "client/run/warm_up.h"

#include <math.h>
#include <string.h>

void warm_up_begin(struct warm_up *warm_up, uint64_t usual_ns, uint64_t now_ns) {
  memset(warm_up, 0, sizeof *warm_up);
  warm_up->usual_ns = usual_ns;
  warm_up->begin_ns = warm_up->last_ns = now_ns;
}

uint64_t warm_up_half_ns(const struct warm_up *warm_up) {
  return warm_up->usual_ns / 2;
}

/* Where nothing moves there is nothing to wait for. */
static double change_of(double before, double rate) {
  double larger = rate > before ? rate : before;
  return larger > 0 ? fabs(rate - before) / larger : 0;
}

bool warm_up_add(struct warm_up *warm_up, uint64_t bytes, uint64_t now_ns) {
  uint64_t passed_ns = now_ns > warm_up->last_ns ? now_ns - warm_up->last_ns : 1;
  double rate = (double)(bytes - warm_up->last_bytes) / (double)passed_ns;
  warm_up->halves++;
  if (warm_up->halves > 1) warm_up->change = change_of(warm_up->rate, rate);
  warm_up->rate = rate;
  warm_up->last_ns = now_ns;
  warm_up->last_bytes = bytes;
  bool is_settled = warm_up->halves > 1 && warm_up->change <= WARM_UP_CHANGE_MAX;
  /* By the clock as well: halves that come late must not add up to more. */
  bool is_long = warm_up->halves >= UINT64_C(2) * WARM_UP_TIMES_MAX ||
                 now_ns - warm_up->begin_ns >= WARM_UP_TIMES_MAX * warm_up->usual_ns;
  if (is_settled || is_long) warm_up->taken_ns = now_ns - warm_up->begin_ns;
  return is_settled || is_long;
}

bool warm_up_is_extended(const struct warm_up *warm_up) {
  return warm_up->taken_ns > warm_up->usual_ns + warm_up_half_ns(warm_up) / 2;
}

bool warm_up_has_settled(const struct warm_up *warm_up) {
  return warm_up->halves > 1 && warm_up->change <= WARM_UP_CHANGE_MAX;
}
