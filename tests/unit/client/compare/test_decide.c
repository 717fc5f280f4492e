/*
 * Noise and change told apart, in seeded simulations: slices of calm runs, also such that resemble their neighbours,
 * and the same with a slow-down. The shares are those that compare promises.
 */
#include "client/compare/decide.h"

#include <math.h>

#include "tests/unit/unit_test.h"

#define SLICES_MAX 64
#define TRIALS     1000
static const uint64_t seeds[] = {1, 20261122, 0xfeedface};

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Of the standard normal distribution (Box and Muller 1958). */
static double next_normal(uint64_t *state) {
  double one = ((double)(next_random(state) >> 11) + 1) / 9007199254740993.0;
  double other = (double)(next_random(state) >> 11) / 9007199254740992.0;
  return sqrt(-2 * log(one)) * cos(2 * 3.14159265358979323846 * other);
}

/* p50s of about 20 us that vary by the share `spread`, each correlated with the one before (AR(1)). */
static void make_slices(double *slices, size_t count, double correlation, double spread, uint64_t *state) {
  double level = next_normal(state);
  for (size_t i = 0; i < count; i++) {
    slices[i] = 20000 * exp(spread * level);
    level = correlation * level + sqrt(1 - correlation * correlation) * next_normal(state);
  }
}

static double mean_of(const double *values, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += values[i];
  return sum / (double)count;
}

static enum compare_verdict decide(const double *baseline, size_t baseline_count, const double *slices, size_t count) {
  struct compare_answer answer;
  struct compare_question question = {
      .baseline = mean_of(baseline, baseline_count),
      .value = mean_of(slices, count),
      .better = COMPARE_LOWER_IS_BETTER,
      .has_slices = true,
      .baseline_slices = {baseline_count, baseline},
      .slices = {count, slices},
  };
  compare_decide(&question, &answer);
  return answer.verdict;
}

static void two_halves_of_a_calm_run_are_noise_in_95_of_100_trials(void **state) {
  (void)state;
  static const struct {
    size_t half;
    double correlation, spread;
  } cases[] = {
      {5, 0, 0.02},    {10, 0, 0.02},   {10, 0, 0.2},   {30, 0, 0.05},    {5, 0.3, 0.02},
      {10, 0.3, 0.05}, {30, 0.3, 0.05}, {5, 0.5, 0.02}, {10, 0.5, 0.05},  {30, 0.5, 0.05},
      {10, 0.7, 0.05}, {30, 0.7, 0.05}, {3, 0, 0.02},   {10, -0.4, 0.05},
  };
  for (size_t c = 0; c < COUNT_OF(cases); c++)
    for (size_t s = 0; s < COUNT_OF(seeds); s++) {
      uint64_t random = seeds[s];
      int noise = 0;
      for (int trial = 0; trial < TRIALS; trial++) {
        double slices[SLICES_MAX];
        size_t half = cases[c].half;
        make_slices(slices, 2 * half, cases[c].correlation, cases[c].spread, &random);
        noise += decide(slices, half, slices + half, half) == COMPARE_WITHIN_NOISE;
      }
      if (noise < TRIALS * 95 / 100)
        fail_msg("%zu slices a half, correlation %.1f, spread %.2f, seed %llu: noise in %d of %d trials", cases[c].half,
                 cases[c].correlation, cases[c].spread, (unsigned long long)seeds[s], noise, TRIALS);
    }
}

static void a_slow_down_by_a_tenth_is_found_in_90_of_100_trials(void **state) {
  (void)state;
  static const struct {
    double correlation, spread;
  } cases[] = {{0, 0.005}, {0, 0.03}, {0, 0.05}, {0.3, 0.01}, {0.3, 0.03}, {0.5, 0.015}};
  for (size_t c = 0; c < COUNT_OF(cases); c++)
    for (size_t s = 0; s < COUNT_OF(seeds); s++) {
      uint64_t random = seeds[s];
      int found = 0;
      for (int trial = 0; trial < TRIALS; trial++) {
        double baseline[20], slices[20];
        make_slices(baseline, 20, cases[c].correlation, cases[c].spread, &random);
        make_slices(slices, 20, cases[c].correlation, cases[c].spread, &random);
        for (size_t i = 0; i < 20; i++)
          slices[i] *= 1.1;
        found += decide(baseline, 20, slices, 20) == COMPARE_WORSE;
      }
      if (found < TRIALS * 90 / 100)
        fail_msg("correlation %.1f, spread %.2f, seed %llu: found in %d of %d trials", cases[c].correlation,
                 cases[c].spread, (unsigned long long)seeds[s], found, TRIALS);
    }
}

/* Without the reduction this share would be far larger: the test above would not notice if it were left out only where
 * slices are independent. */
static void slices_that_resemble_their_neighbours_count_for_fewer(void **state) {
  (void)state;
  double calm[] = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2}, slow[] = {1, 1, 1, 1, 1, 2, 2, 2, 2, 2}, effective;
  struct compare_series independent = {10, calm}, resembling = {10, slow};
  compare_p_value(&independent, &independent, &effective);
  assert_true(effective == 20);
  compare_p_value(&resembling, &resembling, &effective);
  assert_true(effective < 5);
}

static void the_direction_that_is_better_depends_on_the_figure(void **state) {
  (void)state;
  static const double low[] = {100, 101, 99, 100}, high[] = {120, 121, 119, 120};
  static const struct {
    enum compare_better better;
    bool rises;
    enum compare_verdict verdict;
  } cases[] = {
      {COMPARE_LOWER_IS_BETTER, true, COMPARE_WORSE},      {COMPARE_LOWER_IS_BETTER, false, COMPARE_BETTER},
      {COMPARE_HIGHER_IS_BETTER, true, COMPARE_BETTER},    {COMPARE_HIGHER_IS_BETTER, false, COMPARE_WORSE},
      {COMPARE_NEITHER_IS_BETTER, true, COMPARE_UNTESTED},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct compare_answer answer;
    struct compare_question question = {100, 120, cases[i].better, true, {4, low}, {4, high}};
    if (!cases[i].rises) question = (struct compare_question){120, 100, cases[i].better, true, {4, high}, {4, low}};
    compare_decide(&question, &answer);
    assert_int_equal(answer.verdict, cases[i].verdict);
    assert_true(fabs(answer.change - (cases[i].rises ? 0.2 : -1.0 / 6)) < 1e-12);
  }
}

static void only_what_is_worse_by_more_than_the_threshold_is_a_regression(void **state) {
  (void)state;
  struct compare_answer answer = {.verdict = COMPARE_WORSE, .change = 0.06};
  assert_true(compare_is_regression(&answer, 0.05));
  assert_false(compare_is_regression(&answer, 0.06));
  answer.change = -0.06; /* a rate that fell */
  assert_true(compare_is_regression(&answer, 0.05));
  answer.verdict = COMPARE_WITHIN_NOISE;
  assert_false(compare_is_regression(&answer, 0.05));
  answer.verdict = COMPARE_BETTER;
  assert_false(compare_is_regression(&answer, 0.05));
}

static void too_few_slices_get_no_verdict(void **state) {
  (void)state;
  static const double one[] = {100, 101, 99}, other[] = {200, 201, 199};
  struct compare_answer answer;
  struct compare_question question = {100, 200, COMPARE_LOWER_IS_BETTER, true, {3, one}, {2, other}};
  compare_decide(&question, &answer);
  assert_int_equal(answer.verdict, COMPARE_FEW_SLICES);
  assert_true(isnan(answer.p_value));
  question.slices.count = 3;
  compare_decide(&question, &answer);
  assert_int_not_equal(answer.verdict, COMPARE_FEW_SLICES);
}

static void a_figure_without_slices_gets_its_change_alone(void **state) {
  (void)state;
  struct compare_answer answer;
  struct compare_question question = {.baseline = 100, .value = 150, .better = COMPARE_LOWER_IS_BETTER};
  compare_decide(&question, &answer);
  assert_int_equal(answer.verdict, COMPARE_UNTESTED);
  assert_true(answer.change == 0.5);
  question.baseline = 0;
  compare_decide(&question, &answer);
  assert_true(isnan(answer.change));
}

static void slices_without_any_spread_are_decided_too(void **state) {
  (void)state;
  static const double one[] = {5, 5, 5, 5}, other[] = {6, 6, 6, 6}, none[] = {0, 0, 0, 0};
  assert_int_equal(decide(one, 4, one, 4), COMPARE_WITHIN_NOISE);
  assert_int_equal(decide(one, 4, other, 4), COMPARE_WORSE);
  assert_int_equal(decide(none, 4, none, 4), COMPARE_WITHIN_NOISE);
}

static void a_run_that_contradicts_its_slices_shows_nothing(void **state) {
  (void)state;
  static const double low[] = {100, 101, 99, 100}, high[] = {120, 121, 119, 120};
  struct compare_answer answer;
  struct compare_question question = {120, 100, COMPARE_LOWER_IS_BETTER, true, {4, low}, {4, high}};
  compare_decide(&question, &answer);
  assert_int_equal(answer.verdict, COMPARE_WITHIN_NOISE);
}

/* Two samples of a published example: D. C. Montgomery, Design and Analysis of Experiments, table 2.1 (mortar), where
 * the pooled t is -2.19 at 18 degrees of freedom. Of equal counts Welch's t is the same, at 17.0 degrees. The test here
 * works on logarithms and reduces the counts, so only the order of magnitude can be compared. */
static void the_p_value_is_of_the_size_that_a_textbook_finds(void **state) {
  (void)state;
  static const double modified[] = {16.85, 16.40, 17.21, 16.35, 16.52, 17.04, 16.96, 17.15, 16.59, 16.57};
  static const double unmodified[] = {16.62, 16.75, 17.37, 17.12, 16.98, 16.87, 17.34, 17.02, 17.08, 17.27};
  double effective;
  struct compare_series one = {10, modified}, other = {10, unmodified};
  double p_value = compare_p_value(&one, &other, &effective);
  assert_true(effective == 20);
  assert_true(p_value > 0.035 && p_value < 0.05);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_halves_of_a_calm_run_are_noise_in_95_of_100_trials),
      cmocka_unit_test(a_slow_down_by_a_tenth_is_found_in_90_of_100_trials),
      cmocka_unit_test(slices_that_resemble_their_neighbours_count_for_fewer),
      cmocka_unit_test(the_direction_that_is_better_depends_on_the_figure),
      cmocka_unit_test(only_what_is_worse_by_more_than_the_threshold_is_a_regression),
      cmocka_unit_test(too_few_slices_get_no_verdict),
      cmocka_unit_test(a_figure_without_slices_gets_its_change_alone),
      cmocka_unit_test(slices_without_any_spread_are_decided_too),
      cmocka_unit_test(a_run_that_contradicts_its_slices_shows_nothing),
      cmocka_unit_test(the_p_value_is_of_the_size_that_a_textbook_finds),
  };
  return cmocka_run_group_tests_name("compare_decide", tests, NULL, NULL);
}
