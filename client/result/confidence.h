/* How far a run's p50 and p99 may be trusted: 95 % intervals over its one-second slices. Pure. */
#ifndef LOPING_CLIENT_RESULT_CONFIDENCE_H
#define LOPING_CLIENT_RESULT_CONFIDENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "client/result/result.h"

/* A slice of at least so long counts as a full second: the last one ends a reply earlier than the second does. */
#define CONFIDENCE_SLICE_NS_MIN UINT64_C(950000000)
#define CONFIDENCE_SLICES_MIN   3
/* Below so many round trips in a slice its p99 is just its maximum. */
#define CONFIDENCE_P99_SAMPLES_MIN 100

#define CONFIDENCE_METHOD                                                                                         \
  "95 % interval of the mean of the full one-second slices' own percentiles, Student's t, slices - 1 degrees of " \
  "freedom"

/* Takes each full slice's percentile as one value, because round trips close to each other resemble each other and
 * slices do so much less: mean plus and minus t(0.975, slices - 1) * standard deviation / sqrt(slices), never below 0
 * (as batch means do; Law, Simulation Modeling and Analysis, 9.5.3). Slices without round trips have no percentile. */
void confidence_of(const struct result_interval *slices, size_t count, struct result_confidence *out);

#endif
