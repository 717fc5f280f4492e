/* Student's t distribution: how far a mean of few values may be off. Pure. */
#ifndef LOPING_CLIENT_STATS_STUDENT_T_H
#define LOPING_CLIENT_STATS_STUDENT_T_H

/* The share of the distribution at or below `t`. `degrees` (of freedom) is above 0 and need not be whole.
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.1 and 26.5. */
double student_t_share(double t, double degrees);

/* The value that `share` (above 0, below 1) of the distribution does not exceed: student_t_quantile(0.975, n - 1) is
 * the factor of a two-sided 95 % interval of a mean of n values. */
double student_t_quantile(double share, double degrees);

#endif
