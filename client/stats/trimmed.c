/* The trimmed mean and its error; see trimmed.h. */
#include "client/stats/trimmed.h"

#include <math.h>
#include <stdlib.h>

#define ENDS 5 /* one in so many is left out at each end */

static int order_values(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return a < b ? -1 : a > b;
}

/* The value at `i` as Winsor would have it: those at the ends are taken for the outermost that are left. */
static double winsorize(const double *values, size_t count, size_t ends, size_t i) {
  if (i < ends) return values[ends];
  return i < count - ends ? values[i] : values[count - ends - 1];
}

struct trimmed trimmed_find(double *values, size_t count) {
  size_t ends = count / ENDS, left = count - 2 * ends;
  double sum = 0, all = 0, squares = 0;
  qsort(values, count, sizeof *values, order_values);
  for (size_t i = ends; i < count - ends; i++)
    sum += values[i];
  for (size_t i = 0; i < count; i++)
    all += winsorize(values, count, ends, i);
  for (size_t i = 0; i < count; i++) {
    double distance = winsorize(values, count, ends, i) - all / (double)count;
    squares += distance * distance;
  }
  return (struct trimmed){
      .mean = sum / (double)left,
      .error = sqrt(squares / ((double)left * (double)(left - 1))),
      .degrees = (double)(left - 1),
  };
}
