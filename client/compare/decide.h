/*
 * Is a figure of one run better or worse than that of another, or is the difference noise? Pure arithmetic.
 *
 * Round trips close to each other resemble each other, so counting each as a sample of its own would find a difference
 * everywhere. The test works on the one-second slices instead, and on their logarithms, since what changes a figure
 * changes it by a share:
 *   - Welch's t-test of two means (B. L. Welch, "The generalization of 'Student's' problem when several different
 *     population variances are involved", Biometrika 34, 1947), two-sided;
 *   - slices resemble their neighbours too: each count of slices n is reduced to n (1 - r) / (1 + r), where r is their
 *     correlation with the slice before, of both runs together (F. W. Zwiers and H. von Storch, "Taking Serial
 *     Correlation into Account in Tests of the Mean", Journal of Climate 8, 1995). Few slices show less of it than
 *     there is; that is corrected (F. H. C. Marriott and J. A. Pope, "Bias in the estimation of autocorrelations",
 *     Biometrika 41, 1954).
 */
#ifndef LOPING_CLIENT_COMPARE_DECIDE_H
#define LOPING_CLIENT_COMPARE_DECIDE_H

#include <stdbool.h>
#include <stddef.h>

/* How seldom noise alone may look like a difference. */
#define COMPARE_ALPHA      0.01
#define COMPARE_SLICES_MIN 3

enum compare_better { COMPARE_NEITHER_IS_BETTER, COMPARE_LOWER_IS_BETTER, COMPARE_HIGHER_IS_BETTER };

enum compare_verdict {
  COMPARE_BETTER,
  COMPARE_WORSE,
  COMPARE_WITHIN_NOISE,
  COMPARE_FEW_SLICES,     /* fewer than COMPARE_SLICES_MIN on a side */
  COMPARE_NOT_COMPARABLE, /* the runs measured different things */
  COMPARE_UNTESTED,       /* the figure has no value for each slice, or neither direction is better */
};

struct compare_series {
  size_t count;
  const double *values;
};

struct compare_question {
  double baseline; /* the figure of the whole run */
  double value;
  enum compare_better better;
  bool has_slices; /* the figure has a value for each slice */
  struct compare_series baseline_slices, slices;
};

struct compare_answer {
  enum compare_verdict verdict;
  double change;           /* value / baseline - 1; NAN when the baseline is 0 */
  double p_value;          /* NAN without a test */
  double effective_slices; /* of both sides, after the reduction; 0 without a test */
};

void compare_decide(const struct compare_question *question, struct compare_answer *answer);

/* A figure that is worse, and by more than the share `threshold` (0.05: 5 %). */
bool compare_is_regression(const struct compare_answer *answer, double threshold);

/* The share of times that noise alone would make two series differ so much; 1 when nothing differs. Each needs at least
 * 3 values. *effective_slices is what is left of their number. */
double compare_p_value(const struct compare_series *one, const struct compare_series *other, double *effective_slices);

/* "worse", "within noise", ...; "" for COMPARE_UNTESTED. */
const char *compare_verdict_text(enum compare_verdict verdict);

#endif
