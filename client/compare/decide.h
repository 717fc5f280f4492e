/*
 * Is a figure of one side better or worse than that of the other, or is the difference noise? Pure arithmetic.
 *
 * Round trips close to each other resemble each other, so counting each as a sample of its own would find a difference
 * everywhere. The test works on the one-second slices instead:
 *   - on their ranks among the slices of both sides, so that a second of an outlier or of another mode weighs no more
 *     than any other: Welch's t-test of two means (B. L. Welch, "The generalization of 'Student's' problem when several
 *     different population variances are involved", Biometrika 34, 1947), two-sided, of ranks (W. J. Conover and
 *     R. L. Iman, "Rank Transformations as a Bridge Between Parametric and Nonparametric Statistics", The American
 *     Statistician 35, 1981). With fewer than COMPARE_RANKS_MIN slices on a side ranks can hardly show anything, and
 *     the logarithms are tested;
 *   - slices resemble their neighbours too: each count of slices n is reduced to n (1 - r) / (1 + r), where r is their
 *     correlation with the slice before, of all runs together (F. W. Zwiers and H. von Storch, "Taking Serial
 *     Correlation into Account in Tests of the Mean", Journal of Climate 8, 1995). Few slices show less of it than
 *     there is; that is corrected (F. H. C. Marriott and J. A. Pope, "Bias in the estimation of autocorrelations",
 *     Biometrika 41, 1954);
 *   - where a side has several runs, by how much they differ beyond what their slices explain counts as well, as a
 *     variance component of its own; degrees of freedom by F. E. Satterthwaite, "An Approximate Distribution of
 *     Estimates of Variance Components", Biometrics Bulletin 2, 1946;
 *   - only a change beyond the smallest one worth naming is named: the test is made after one side was moved towards
 *     the other by that share (K. R. Murphy and B. Myors, "Testing the Hypothesis That Treatments Have Negligible
 *     Effects: Minimum-Effect Tests in the General Linear Model", Journal of Applied Psychology 84, 1999).
 * Runs of both sides that were measured in turn (rounds.h) are compared round by round instead: what makes the machine
 * slower by and by hits both runs of a round, and is no part of their ratio. The test is Student's, of the trimmed mean
 * of the rounds' logarithms (trimmed.h), so that a round or two of another kind weigh nothing; moved by the smallest
 * change as above.
 *
 * The change itself is the median of all shifts between a slice of one side and one of the other (Hodges and Lehmann;
 * ranks.h); of rounds, the trimmed mean.
 */
#ifndef LOPING_CLIENT_COMPARE_DECIDE_H
#define LOPING_CLIENT_COMPARE_DECIDE_H

#include <stdbool.h>
#include <stddef.h>

/* How seldom noise alone may look like a difference. */
#define COMPARE_ALPHA      0.01
#define COMPARE_SLICES_MIN 3
#define COMPARE_RANKS_MIN  6
/* The runs of one side. */
#define COMPARE_SIDE_MAX 16

enum compare_better { COMPARE_NEITHER_IS_BETTER, COMPARE_LOWER_IS_BETTER, COMPARE_HIGHER_IS_BETTER };

enum compare_verdict {
  COMPARE_BETTER,
  COMPARE_WORSE,
  COMPARE_WITHIN_NOISE,
  COMPARE_FEW_SLICES,     /* fewer than COMPARE_SLICES_MIN on a side */
  COMPARE_NOT_COMPARABLE, /* the runs measured different things */
  COMPARE_UNTESTED,       /* the figure has no value for each slice, or neither direction is better */
};

/* The slices of one side, run after run. */
struct compare_series {
  size_t count;
  const double *values;
  size_t run_count;                    /* 0: one run */
  size_t run_counts[COMPARE_SIDE_MAX]; /* slices of each */
};

struct compare_question {
  double baseline; /* the figure of the whole run */
  double value;
  enum compare_better better;
  double smallest;     /* change worth naming, a share: 0.02 is 2 % */
  bool has_slices;     /* the figure has a value for each slice */
  bool leaves_out_any; /* slices of the run were left out, so that its figure may say something else than the rest */
  struct compare_series baseline_slices, slices;
  size_t round_count;              /* 0: the runs were not measured in turn */
  double rounds[COMPARE_SIDE_MAX]; /* logarithm of value / baseline of each round */
};

struct compare_answer {
  enum compare_verdict verdict;
  bool is_fault;           /* of lost messages and the like: no threshold excuses it */
  double change;           /* value / baseline - 1; NAN when the baseline is 0 */
  double shift;            /* the same between the slices; NAN without a test, and where a slice is 0 */
  double p_value;          /* NAN without a test */
  double effective_slices; /* of both sides, after the reduction; 0 without a test, and where rounds were tested */
  size_t rounds;           /* 0: the slices were tested */
};

/* Returns false when memory ran out. */
bool compare_decide(const struct compare_question *question, struct compare_answer *answer);

/* A figure that is worse, and by more than the share `threshold` (0.05: 5 %), or a fault that is. */
bool compare_is_regression(const struct compare_answer *answer, double threshold);

/* Was anything decided of it? */
bool compare_is_judged(const struct compare_answer *answer);

/* The share of times that noise alone would make two series differ by so much more than the share `smallest`; 1 when
 * they do not. Each needs at least 3 values. *effective_slices is what is left of their number, *direction the sign of
 * the difference. Returns false when memory ran out. */
bool compare_p_value(const struct compare_series *one, const struct compare_series *other, double smallest,
                     double *p_value, double *effective_slices, int *direction);

/* "worse", "within noise", ...; "" for COMPARE_UNTESTED. */
const char *compare_verdict_text(enum compare_verdict verdict);

#endif
