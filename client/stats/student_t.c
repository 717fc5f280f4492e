/*
 * Student's t by the incomplete beta function, so that any number of degrees of freedom will do (Welch's test has
 * fractional ones). Pure arithmetic; knows nothing of results.
 */
#include "client/stats/student_t.h"

#include <math.h>

#define STEPS_MAX 300
#define PRECISION 1e-15
#define TINY      1e-300

/* One step of the modified Lentz method: takes the coefficient into numerator and denominator and returns the factor by
 * which the fraction changes. */
static double lentz_step(double coefficient, double *numerator, double *denominator) {
  *denominator = 1 + coefficient * *denominator;
  if (fabs(*denominator) < TINY) *denominator = TINY;
  *denominator = 1 / *denominator;
  *numerator = 1 + coefficient / *numerator;
  if (fabs(*numerator) < TINY) *numerator = TINY;
  return *numerator * *denominator;
}

/* The continued fraction of the incomplete beta function, Abramowitz and Stegun 26.5.8. */
static double beta_fraction(double a, double b, double x) {
  double numerator = 1, denominator = 1 - (a + b) * x / (a + 1);
  if (fabs(denominator) < TINY) denominator = TINY;
  denominator = 1 / denominator;
  double fraction = denominator;
  for (int m = 1; m <= STEPS_MAX; m++) {
    double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    fraction *= lentz_step(even, &numerator, &denominator);
    double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double change = lentz_step(odd, &numerator, &denominator);
    fraction *= change;
    if (fabs(change - 1) < PRECISION) break;
  }
  return fraction;
}

/* The regularised incomplete beta function I_x(a, b). */
static double beta_share(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x));
  /* The fraction converges fast on this side only (26.5.2 is the mirror). */
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double student_t_share(double t, double degrees) {
  double square = t * t;
  /* The share beyond |t|, from the smaller of x and 1 - x: the other one is rounded to 1 near the middle. */
  double beyond = square < degrees ? 0.5 - beta_share(0.5, degrees / 2, square / (degrees + square)) / 2
                                   : beta_share(degrees / 2, 0.5, degrees / (degrees + square)) / 2;
  return t > 0 ? 1 - beyond : beyond;
}

double student_t_quantile(double share, double degrees) {
  if (share < 0.5) return -student_t_quantile(1 - share, degrees);
  double low = 0, high = 1;
  while (student_t_share(high, degrees) < share && high < 1e300)
    high *= 2;
  /* Each step halves the distance: 200 leave nothing of it in a double. */
  for (int i = 0; i < 200 && high - low > high * PRECISION; i++) {
    double middle = (low + high) / 2;
    if (student_t_share(middle, degrees) < share)
      low = middle;
    else
      high = middle;
  }
  return (low + high) / 2;
}
