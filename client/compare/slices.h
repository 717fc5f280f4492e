/* The one-second slices of runs as series of numbers: which figures have them, and a first one that does not belong. */
#ifndef LOPING_CLIENT_COMPARE_SLICES_H
#define LOPING_CLIENT_COMPARE_SLICES_H

#include <stdbool.h>
#include <stddef.h>

#include "client/compare/decide.h"
#include "client/compare/load.h"

/* The runs of one side that measured the same; more than one where several files were given for it. */
struct compare_side {
  size_t run_count;
  const struct compare_run *runs[COMPARE_SIDE_MAX];
};

typedef double compare_slice_value(const struct compare_slice *slice);

/* How a slice's own value of that figure is read; NULL where slices have none. */
compare_slice_value *compare_find_slice_value(const struct result_section *section, const struct result_field *field);

/* All full slices of the side. */
size_t compare_count_slices(const struct compare_side *side);

/* The side's values without first slices that are left out, in `room` for all its slices. */
void compare_make_series(const struct compare_side *side, compare_slice_value *value, double *room,
                         struct compare_series *out);

/* Fills run->first: does the first slice, by its p50 or else its bit rate, belong to the others? A run can begin in
 * another state than it goes on in (caches, the CPU's frequency, the scheduler's placement) for longer than its
 * warm-up. An outlier is what lies more than 3.5 times the normalised median absolute deviation from the median of the
 * others (F. R. Hampel, "The Influence Curve and Its Role in Robust Estimation", Journal of the American Statistical
 * Association 69, 1974), as logarithms, and more than a twentieth. Returns false when memory ran out. */
bool compare_find_first(struct compare_run *run);

#endif
