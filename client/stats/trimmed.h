/*
 * Where a sample lies and how surely, from its middle alone, so that a wild value or two at either end weigh nothing.
 * Pure. (J. W. Tukey and D. H. McLaughlin, "Less Vulnerable Confidence and Significance Procedures for Location Based
 * on a Single Sample: Trimming/Winsorization 1", Sankhya A 25, 1963.)
 */
#ifndef LOPING_CLIENT_STATS_TRIMMED_H
#define LOPING_CLIENT_STATS_TRIMMED_H

#include <stddef.h>

/* With fewer values a fifth at each end is not one. */
#define TRIMMED_MIN 5

struct trimmed {
  double mean;    /* of what is left without a fifth of the values at each end */
  double error;   /* standard error of that, from the Winsorized variance */
  double degrees; /* of freedom of Student's t */
};

/* Sorts the values: at least TRIMMED_MIN, finite. */
struct trimmed trimmed_find(double *values, size_t count);

#endif
