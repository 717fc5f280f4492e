/* Ranks, and the shift between two samples; see ranks.h. */
#include "client/stats/ranks.h"

#include <math.h>
#include <stdlib.h>

#include "common/memory/memory.h"

/* Halving so often leaves nothing of any distance of two doubles that a run could show. */
#define HALVINGS 100

struct entry {
  double value;
  double *rank;
};

static int order_entries(const void *one, const void *other) {
  double a = ((const struct entry *)one)->value, b = ((const struct entry *)other)->value;
  return a < b ? -1 : a > b;
}

static int order_values(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return a < b ? -1 : a > b;
}

bool ranks_of(const double *one, size_t one_count, const double *other, size_t other_count, double *one_ranks,
              double *other_ranks) {
  size_t count = one_count + other_count;
  struct entry *entries = memory_take_zeroed(count + 1, sizeof *entries);
  if (entries == NULL) return false;
  for (size_t i = 0; i < one_count; i++)
    entries[i] = (struct entry){one[i], &one_ranks[i]};
  for (size_t i = 0; i < other_count; i++)
    entries[one_count + i] = (struct entry){other[i], &other_ranks[i]};
  qsort(entries, count, sizeof *entries, order_entries);
  for (size_t first = 0, next; first < count; first = next) {
    for (next = first + 1; next < count && entries[next].value <= entries[first].value;)
      next++;
    for (size_t i = first; i < next; i++)
      *entries[i].rank = (double)(first + 1 + next) / 2;
  }
  free(entries);
  return true;
}

double ranks_median(double *values, size_t count) {
  qsort(values, count, sizeof *values, order_values);
  return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* How many of all differences are `limit` at most: both are sorted, so that one pass counts them. */
static double count_up_to(double limit, const double *one, size_t one_count, const double *other, size_t other_count) {
  double below = 0;
  size_t reached = 0;
  for (size_t i = 0; i < one_count; i++) {
    while (reached < other_count && other[reached] <= one[i] + limit)
      reached++;
    below += (double)reached;
  }
  return below;
}

/* The least limit that `wanted` of the differences do not exceed. A day of slices has more pairs than memory holds, so
 * the limit is searched instead of the pairs sorted. */
static double find_difference(double wanted, const double *one, size_t one_count, const double *other,
                              size_t other_count) {
  double low = other[0] - one[one_count - 1], high = other[other_count - 1] - one[0];
  if (count_up_to(low, one, one_count, other, other_count) >= wanted) return low;
  for (int i = 0; i < HALVINGS && low < high; i++) {
    double middle = low + (high - low) / 2;
    if (count_up_to(middle, one, one_count, other, other_count) >= wanted)
      high = middle;
    else
      low = middle;
  }
  return high;
}

double ranks_shift(double *one, size_t one_count, double *other, size_t other_count) {
  double pairs = (double)one_count * (double)other_count;
  qsort(one, one_count, sizeof *one, order_values);
  qsort(other, other_count, sizeof *other, order_values);
  double lower = find_difference(floor((pairs + 1) / 2), one, one_count, other, other_count);
  double upper = find_difference(floor(pairs / 2) + 1, one, one_count, other, other_count);
  return (lower + upper) / 2;
}
