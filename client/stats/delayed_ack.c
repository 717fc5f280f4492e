/* Looks for a peak at 40 ms; see delayed_ack.h. */
#include "client/stats/delayed_ack.h"

#define MS        UINT64_C(1000000)
#define FIRST_NS  (39 * MS)
#define END_NS    (56 * MS)
#define WIDTH_NS  (END_NS - FIRST_NS)
#define COUNT_MIN 3
#define SHARE_MIN 0.005
/* So many times as many as in the same time before. On a busy machine the peak has a tail, so half will do after. */
#define PROMINENCE 4

static uint64_t count_between(const struct histogram *histogram, uint64_t first_ns, uint64_t end_ns) {
  uint64_t sum = 0, upper_ns, count;
  size_t cursor = 0;
  while (histogram_next(histogram, &cursor, &upper_ns, &count))
    if (upper_ns >= first_ns && upper_ns < end_ns) sum += count;
  return sum;
}

static uint64_t median_between(const struct histogram *histogram, uint64_t first_ns, uint64_t total) {
  uint64_t seen = 0, upper_ns = 0, count;
  size_t cursor = 0;
  while (2 * seen < total && histogram_next(histogram, &cursor, &upper_ns, &count))
    if (upper_ns >= first_ns) seen += count;
  return upper_ns;
}

bool delayed_ack_find(const struct histogram *histogram, struct mode *found) {
  uint64_t here = count_between(histogram, FIRST_NS, END_NS);
  uint64_t before = count_between(histogram, FIRST_NS - WIDTH_NS, FIRST_NS);
  uint64_t after = count_between(histogram, END_NS, END_NS + WIDTH_NS);
  double total = (double)histogram_count(histogram);
  if (here < COUNT_MIN || (double)here < SHARE_MIN * total) return false;
  if (here < PROMINENCE * before || here < PROMINENCE / 2 * after) return false;
  found->count = here;
  found->p50_ns = median_between(histogram, FIRST_NS, here);
  return true;
}
