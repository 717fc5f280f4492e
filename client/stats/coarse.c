/* See coarse.h. */
#include "client/stats/coarse.h"

uint64_t coarse_lower_ns(size_t slot) {
  if (slot < 2 * (size_t)COARSE_HALF) return slot;
  unsigned shift = (unsigned)(slot >> COARSE_BITS) - 1;
  return ((slot & (COARSE_HALF - 1)) + (uint64_t)COARSE_HALF) << shift;
}

void coarse_since(const struct coarse *now, const struct coarse *before, struct coarse *out) {
  out->count = now->count - before->count;
  for (size_t i = 0; i < COARSE_SLOTS; i++)
    out->slots[i] = now->slots[i] - before->slots[i];
}

double coarse_percentile(const struct coarse *coarse, double percent) {
  double rank = percent / 100 * (double)coarse->count;
  uint64_t seen = 0;
  if (coarse->count == 0) return 0;
  for (size_t i = 0; i < COARSE_SLOTS; i++) {
    seen += coarse->slots[i];
    if (seen == 0 || (double)seen < rank) continue;
    return ((double)coarse_lower_ns(i) + (double)coarse_lower_ns(i + 1)) / 2;
  }
  return 0;
}
