/* The decision of compare; method and sources are in decide.h. Pure: knows no file and no result. */
#include "client/compare/decide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "client/stats/ranks.h"
#include "client/stats/student_t.h"
#include "client/stats/trimmed.h"
#include "common/memory/memory.h"

/* Beyond this correlation next to nothing would be left of the slices. */
#define CORRELATION_MAX 0.95

/* What the test needs of one run. */
struct moments {
  double count;
  double mean;
  double squares;  /* sum of squared distances to the mean */
  double products; /* sum of the products of neighbouring distances */
};

struct side {
  size_t run_count;
  struct moments runs[COMPARE_SIDE_MAX];
  double count;
  double effective;    /* slices, after the reduction */
  double mean;         /* of the runs' means: each run counts the same */
  double run_variance; /* of a run's mean, as its slices explain it; the mean of the runs' */
  double degrees;      /* of freedom of that */
  double run_squares;  /* sum of squared distances of the runs' means to the side's */
};

static bool is_positive(const struct compare_series *series) {
  for (size_t i = 0; i < series->count; i++)
    if (!(series->values[i] > 0)) return false;
  return true;
}

static void find_moments(const double *values, size_t count, struct moments *out) {
  double sum = 0, before = 0;
  out->count = (double)count;
  out->squares = out->products = 0;
  for (size_t i = 0; i < count; i++)
    sum += values[i];
  out->mean = count > 0 ? sum / out->count : 0;
  for (size_t i = 0; i < count; i++) {
    double distance = values[i] - out->mean;
    out->squares += distance * distance;
    if (i > 0) out->products += distance * before;
    before = distance;
  }
}

/* Runs without a slice of the figure have nothing to say. */
static void find_runs(const struct compare_series *series, const double *scores, struct side *out) {
  memset(out, 0, sizeof *out);
  out->count = (double)series->count;
  if (series->run_count == 0) find_moments(scores, series->count, &out->runs[out->run_count++]);
  for (size_t i = 0; i < series->run_count; i++) {
    if (series->run_counts[i] > 0) find_moments(scores, series->run_counts[i], &out->runs[out->run_count++]);
    scores += series->run_counts[i];
  }
}

/* Of a slice with the one before, in all runs, each about its own mean. The estimate comes out too low by
 * (1 + 4 r) / n (Marriott and Pope); negative correlation is not made use of. */
static double find_correlation(const struct side *one, const struct side *other) {
  const struct side *sides[] = {one, other};
  double squares = 0, products = 0;
  for (size_t s = 0; s < 2; s++)
    for (size_t i = 0; i < sides[s]->run_count; i++) {
      squares += sides[s]->runs[i].squares;
      products += sides[s]->runs[i].products;
    }
  if (squares <= 0) return 0;
  double raw = products / squares;
  double n = (one->count + other->count) / (double)(one->run_count + other->run_count);
  double r = n > 4 ? (n * raw + 1) / (n - 4) : raw + (1 + 4 * raw) / n;
  return r < 0 ? 0 : r > CORRELATION_MAX ? CORRELATION_MAX : r;
}

static double find_effective(double count, double correlation) {
  double effective = count * (1 - correlation) / (1 + correlation);
  double least = count < 2 ? count : 2;
  return effective < least ? least : effective;
}

static void find_spread(struct side *side, double correlation) {
  double squares = 0, parts = 0, runs = (double)side->run_count;
  for (size_t i = 0; i < side->run_count; i++) {
    double effective = find_effective(side->runs[i].count, correlation);
    side->mean += side->runs[i].mean / runs;
    side->effective += effective;
    squares += side->runs[i].squares;
    parts += 1 / effective;
  }
  for (size_t i = 0; i < side->run_count; i++) {
    double distance = side->runs[i].mean - side->mean;
    side->run_squares += distance * distance;
  }
  /* Of runs with a slice each nothing is known but how they differ from each other. */
  if (side->count > runs) side->run_variance = squares / (side->count - runs) * parts / runs;
  side->degrees = side->effective > runs ? side->effective - runs : 1;
}

/* Welch's test, with the spread between runs as a third source of variance. */
static double test_means(const struct side *one, const struct side *other) {
  double one_runs = (double)one->run_count, other_runs = (double)other->run_count;
  double u = one->run_variance / one_runs, v = other->run_variance / other_runs;
  double between = 0, between_degrees = one_runs + other_runs - 2;
  if (between_degrees > 0) {
    double explained = (one->run_variance + other->run_variance) / 2;
    double beyond = (one->run_squares + other->run_squares) / between_degrees - explained;
    if (beyond > 0) between = beyond * (1 / one_runs + 1 / other_runs);
  }
  double variance = u + v + between;
  /* Numbers near the largest that there are, which no run measures. */
  if (!isfinite(variance)) return 1;
  if (variance <= 0) return one->mean == other->mean ? 1 : 0;
  double parts = u * u / one->degrees + v * v / other->degrees;
  if (between > 0) parts += between * between / between_degrees;
  return 2 * student_t_share(-fabs(other->mean - one->mean) / sqrt(variance), variance * variance / parts);
}

static bool make_scores(const struct compare_series *one, const struct compare_series *other, double factor,
                        double *one_scores, double *other_scores) {
  bool has_logarithms = is_positive(one) && is_positive(other);
  bool has_ranks = one->count >= COMPARE_RANKS_MIN && other->count >= COMPARE_RANKS_MIN;
  for (size_t i = 0; i < one->count; i++)
    one_scores[i] = one->values[i];
  for (size_t i = 0; i < other->count; i++)
    other_scores[i] = other->values[i] * factor;
  if (has_ranks) return ranks_of(one_scores, one->count, other_scores, other->count, one_scores, other_scores);
  /* Logarithms make a share out of a difference; a series with a 0 in it has none, and is taken as it is. */
  for (size_t i = 0; has_logarithms && i < one->count; i++)
    one_scores[i] = log(one_scores[i]);
  for (size_t i = 0; has_logarithms && i < other->count; i++)
    other_scores[i] = log(other_scores[i]);
  return true;
}

struct test {
  double p_value;
  double effective;
  int direction;
};

/* The other side's slices times `factor`, against the one's. */
static bool test_with_factor(const struct compare_series *one, const struct compare_series *other, double factor,
                             double *scores, struct test *out) {
  struct side first, second;
  double *other_scores = scores + one->count;
  if (!make_scores(one, other, factor, scores, other_scores)) return false;
  find_runs(one, scores, &first);
  find_runs(other, other_scores, &second);
  double correlation = find_correlation(&first, &second);
  find_spread(&first, correlation);
  find_spread(&second, correlation);
  out->effective = first.effective + second.effective;
  out->direction = second.mean > first.mean ? 1 : second.mean < first.mean ? -1 : 0;
  out->p_value = test_means(&first, &second);
  return true;
}

bool compare_p_value(const struct compare_series *one, const struct compare_series *other, double smallest,
                     double *p_value, double *effective_slices, int *direction) {
  double *scores = memory_take_zeroed(one->count + other->count + 1, sizeof *scores);
  struct test plain = {0}, moved = {0};
  bool is_done = scores != NULL && test_with_factor(one, other, 1, scores, &plain);
  double factor = plain.direction > 0 ? 1 / (1 + smallest) : 1 + smallest;
  is_done = is_done && test_with_factor(one, other, factor, scores, &moved);
  free(scores);
  *effective_slices = plain.effective;
  *direction = plain.direction;
  *p_value = moved.direction == plain.direction && plain.direction != 0 ? moved.p_value : 1;
  return is_done;
}

/* The Hodges-Lehmann shift, as a share. */
static bool find_shift(const struct compare_series *one, const struct compare_series *other, double *out) {
  *out = NAN;
  if (!is_positive(one) || !is_positive(other)) return true;
  double *logarithms = memory_take_zeroed(one->count + other->count, sizeof *logarithms);
  if (logarithms == NULL) return false;
  for (size_t i = 0; i < one->count; i++)
    logarithms[i] = log(one->values[i]);
  for (size_t i = 0; i < other->count; i++)
    logarithms[one->count + i] = log(other->values[i]);
  *out = expm1(ranks_shift(logarithms, one->count, logarithms + one->count, other->count));
  free(logarithms);
  return true;
}

/* The whole run and its slices must say the same; where they contradict each other, nothing is shown. */
static bool agrees(const struct compare_question *question, int direction) {
  if (question->leaves_out_any) return true;
  return direction > 0 ? question->value > question->baseline : question->value < question->baseline;
}

/* Which way the rounds go, and how often noise alone would make them go so much further than the smallest change. */
static int test_rounds(const struct compare_question *question, struct compare_answer *answer) {
  double values[COMPARE_SIDE_MAX];
  memcpy(values, question->rounds, question->round_count * sizeof *values);
  struct trimmed found = trimmed_find(values, question->round_count);
  int direction = found.mean > 0 ? 1 : found.mean < 0 ? -1 : 0;
  double beyond = fabs(found.mean) - log1p(question->smallest);
  answer->rounds = question->round_count;
  answer->shift = expm1(found.mean);
  answer->p_value = 1;
  if (direction != 0 && beyond > 0)
    answer->p_value = found.error > 0 ? 2 * student_t_share(-beyond / found.error, found.degrees) : 0;
  return direction;
}

static void name_change(const struct compare_question *question, int direction, struct compare_answer *answer) {
  bool is_better = (direction > 0) == (question->better == COMPARE_HIGHER_IS_BETTER);
  answer->verdict = COMPARE_WITHIN_NOISE;
  if (answer->p_value < COMPARE_ALPHA) answer->verdict = is_better ? COMPARE_BETTER : COMPARE_WORSE;
}

bool compare_decide(const struct compare_question *question, struct compare_answer *answer) {
  int direction;
  *answer = (struct compare_answer){.verdict = COMPARE_UNTESTED, .shift = NAN, .p_value = NAN};
  answer->change = question->baseline > 0 ? question->value / question->baseline - 1 : NAN;
  if (!question->has_slices || question->better == COMPARE_NEITHER_IS_BETTER) return true;
  answer->verdict = COMPARE_FEW_SLICES;
  if (question->round_count > 0) {
    direction = test_rounds(question, answer);
    name_change(question, direction, answer);
    return true;
  }
  if (question->slices.count < COMPARE_SLICES_MIN || question->baseline_slices.count < COMPARE_SLICES_MIN) return true;
  if (!compare_p_value(&question->baseline_slices, &question->slices, question->smallest, &answer->p_value,
                       &answer->effective_slices, &direction) ||
      !find_shift(&question->baseline_slices, &question->slices, &answer->shift))
    return false;
  name_change(question, direction, answer);
  if (!agrees(question, direction)) answer->verdict = COMPARE_WITHIN_NOISE;
  return true;
}

bool compare_is_regression(const struct compare_answer *answer, double threshold) {
  double change = isnan(answer->shift) ? answer->change : answer->shift;
  return answer->verdict == COMPARE_WORSE && (answer->is_fault || fabs(change) > threshold);
}

bool compare_is_judged(const struct compare_answer *answer) {
  return answer->verdict == COMPARE_BETTER || answer->verdict == COMPARE_WORSE ||
         answer->verdict == COMPARE_WITHIN_NOISE;
}

const char *compare_verdict_text(enum compare_verdict verdict) {
  switch (verdict) {
    case COMPARE_BETTER:
      return "better";
    case COMPARE_WORSE:
      return "worse";
    case COMPARE_WITHIN_NOISE:
      return "within noise";
    case COMPARE_FEW_SLICES:
      return "not enough slices";
    case COMPARE_NOT_COMPARABLE:
      return "not comparable";
    case COMPARE_UNTESTED:
      return "";
  }
  return "";
}
