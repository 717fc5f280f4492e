/* The decision of compare; method and sources are in decide.h. Pure: knows no file and no result. */
#include "client/compare/decide.h"

#include <math.h>

#include "client/stats/student_t.h"

/* Beyond this correlation next to nothing would be left of the slices. */
#define CORRELATION_MAX 0.95

/* What the test needs of one series. */
struct moments {
  double count;
  double mean;
  double squares;  /* sum of squared distances to the mean */
  double products; /* sum of the products of neighbouring distances */
};

/* Logarithms make a share out of a difference; a series with a 0 in it has none, and is taken as it is. */
static double scaled(double value, bool is_logarithmic) {
  return is_logarithmic ? log(value) : value;
}

static bool is_positive(const struct compare_series *series) {
  for (size_t i = 0; i < series->count; i++)
    if (!(series->values[i] > 0)) return false;
  return true;
}

static void find_moments(const struct compare_series *series, bool is_logarithmic, struct moments *out) {
  double sum = 0, before = 0;
  out->count = (double)series->count;
  out->squares = out->products = 0;
  for (size_t i = 0; i < series->count; i++)
    sum += scaled(series->values[i], is_logarithmic);
  out->mean = sum / out->count;
  for (size_t i = 0; i < series->count; i++) {
    double distance = scaled(series->values[i], is_logarithmic) - out->mean;
    out->squares += distance * distance;
    if (i > 0) out->products += distance * before;
    before = distance;
  }
}

/* Of a slice with the one before, in both series, each about its own mean. The estimate comes out too low by
 * (1 + 4 r) / n (Marriott and Pope); negative correlation is not made use of. */
static double find_correlation(const struct moments *one, const struct moments *other) {
  double squares = one->squares + other->squares;
  if (squares <= 0) return 0;
  double raw = (one->products + other->products) / squares;
  double n = (one->count + other->count) / 2;
  double r = n > 4 ? (n * raw + 1) / (n - 4) : raw + (1 + 4 * raw) / n;
  return r < 0 ? 0 : r > CORRELATION_MAX ? CORRELATION_MAX : r;
}

static double find_effective(double count, double correlation) {
  double effective = count * (1 - correlation) / (1 + correlation);
  return effective < 2 ? 2 : effective;
}

double compare_p_value(const struct compare_series *one, const struct compare_series *other, double *effective_slices) {
  struct moments first, second;
  bool is_logarithmic = is_positive(one) && is_positive(other);
  find_moments(one, is_logarithmic, &first);
  find_moments(other, is_logarithmic, &second);
  double correlation = find_correlation(&first, &second);
  double first_count = find_effective(first.count, correlation);
  double second_count = find_effective(second.count, correlation);
  *effective_slices = first_count + second_count;
  /* The variance of each mean. */
  double u = first.squares / (first.count - 1) / first_count;
  double v = second.squares / (second.count - 1) / second_count;
  if (u + v <= 0) return first.mean == second.mean ? 1 : 0;
  double t = fabs(second.mean - first.mean) / sqrt(u + v);
  double degrees = (u + v) * (u + v) / (u * u / (first_count - 1) + v * v / (second_count - 1));
  return 2 * student_t_share(-t, degrees);
}

static double mean_of(const struct compare_series *series) {
  double sum = 0;
  for (size_t i = 0; i < series->count; i++)
    sum += series->values[i];
  return sum / (double)series->count;
}

void compare_decide(const struct compare_question *question, struct compare_answer *answer) {
  answer->change = question->baseline > 0 ? question->value / question->baseline - 1 : NAN;
  answer->p_value = NAN;
  answer->effective_slices = 0;
  answer->verdict = COMPARE_UNTESTED;
  if (!question->has_slices || question->better == COMPARE_NEITHER_IS_BETTER) return;
  answer->verdict = COMPARE_FEW_SLICES;
  if (question->slices.count < COMPARE_SLICES_MIN || question->baseline_slices.count < COMPARE_SLICES_MIN) return;
  answer->p_value = compare_p_value(&question->baseline_slices, &question->slices, &answer->effective_slices);
  bool is_higher = question->value > question->baseline;
  bool is_lower = question->value < question->baseline;
  double slices_rise = mean_of(&question->slices) - mean_of(&question->baseline_slices);
  /* The whole run and its slices must say the same; where they contradict each other, nothing is shown. */
  bool agrees = (is_higher && slices_rise > 0) || (is_lower && slices_rise < 0);
  answer->verdict = COMPARE_WITHIN_NOISE;
  if (!(answer->p_value < COMPARE_ALPHA) || !agrees) return;
  answer->verdict = is_higher == (question->better == COMPARE_HIGHER_IS_BETTER) ? COMPARE_BETTER : COMPARE_WORSE;
}

bool compare_is_regression(const struct compare_answer *answer, double threshold) {
  return answer->verdict == COMPARE_WORSE && fabs(answer->change) > threshold;
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
