/* Two samples seen through their order alone, so that one wild value weighs no more than any other. Pure. */
#ifndef LOPING_CLIENT_STATS_RANKS_H
#define LOPING_CLIENT_STATS_RANKS_H

#include <stdbool.h>
#include <stddef.h>

/* Writes each value's rank among the values of both samples, from 1; equal ones share the mean of theirs. Returns false
 * when memory ran out. */
bool ranks_of(const double *one, size_t one_count, const double *other, size_t other_count, double *one_ranks,
              double *other_ranks);

/* By how much `other` lies above `one`: the median of all differences between a value of one and a value of the other
 * (J. L. Hodges and E. L. Lehmann, "Estimates of Location Based on Rank Tests", Annals of Mathematical Statistics 34,
 * 1963). Sorts both. Neither is empty, every value is finite. */
double ranks_shift(double *one, size_t one_count, double *other, size_t other_count);

/* The median; sorts the values, of which there is one at least. */
double ranks_median(double *values, size_t count);

#endif
