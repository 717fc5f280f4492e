/*
 * Noise and change told apart, in seeded simulations: slices of calm runs, of such as real machines show (slices that
 * resemble their neighbours, a first one of another kind, drift, two modes, runs that differ), and the same with a
 * slow-down. The shares are those that compare promises.
 */
#include "client/compare/decide.h"

#include <math.h>

#include "tests/unit/unit_test.h"

#define SLICES_MAX 128
#define TRIALS     1000
static const uint64_t seeds[] = {1, 20261122, 0xfeedface};

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Above 0, below 1. */
static double next_uniform(uint64_t *state) {
  return ((double)(next_random(state) >> 11) + 1) / 9007199254740994.0;
}

/* Of the standard normal distribution (Box and Muller 1958). */
static double next_normal(uint64_t *state) {
  double one = next_uniform(state), other = next_uniform(state);
  return sqrt(-2 * log(one)) * cos(2 * 3.14159265358979323846 * other);
}

/* What slices of a run look like. Shares are of the p50, as logarithms. */
struct kind {
  const char *name;
  size_t slices;
  double correlation, spread;             /* each slice with the one before (AR(1)), and by how much they vary */
  double first_probability, first_excess; /* a first slice that does not belong */
  double drift;                           /* from the first slice to the last, at most, up or down */
  double mode_probability, mode_excess;   /* a slice of another mode */
  double between;                         /* by how much runs differ */
};

/* p50s of about 20 us, slower by the share `slower`. */
static void make_run(double *slices, const struct kind *kind, double slower, uint64_t *state) {
  double level = next_normal(state), r = kind->correlation;
  double run = kind->between * next_normal(state), drift = kind->drift * (2 * next_uniform(state) - 1);
  for (size_t i = 0; i < kind->slices; i++) {
    double change = kind->spread * level + run + drift * (double)i / (double)kind->slices;
    if (i == 0 && next_uniform(state) < kind->first_probability) change += kind->first_excess;
    if (next_uniform(state) < kind->mode_probability) change += kind->mode_excess;
    slices[i] = 20000 * exp(change) * (1 + slower);
    level = r * level + sqrt(1 - r * r) * next_normal(state);
  }
}

static double mean_of(const double *values, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += values[i];
  return sum / (double)count;
}

#define SMALLEST 0.02

static enum compare_verdict decide_series(const struct compare_series *baseline, const struct compare_series *series) {
  struct compare_answer answer;
  struct compare_question question = {
      .baseline = mean_of(baseline->values, baseline->count),
      .value = mean_of(series->values, series->count),
      .better = COMPARE_LOWER_IS_BETTER,
      .smallest = SMALLEST,
      .has_slices = true,
      .leaves_out_any = true, /* the mean of a run with an outlier is not what the program would give */
      .baseline_slices = *baseline,
      .slices = *series,
  };
  assert_true(compare_decide(&question, &answer));
  return answer.verdict;
}

static enum compare_verdict decide(const double *baseline, size_t baseline_count, const double *slices, size_t count) {
  struct compare_series one = {baseline_count, baseline, 0, {0}}, other = {count, slices, 0, {0}};
  return decide_series(&one, &other);
}

/* In how many of TRIALS pairs of sides, of `runs` runs each, the verdict is the wanted one. */
static int count_verdicts(const struct kind *kind, size_t runs, double slower, uint64_t seed,
                          enum compare_verdict wanted) {
  double values[2][SLICES_MAX];
  int count = 0;
  for (int trial = 0; trial < TRIALS; trial++) {
    struct compare_series sides[2];
    for (size_t side = 0; side < 2; side++) {
      sides[side] = (struct compare_series){kind->slices * runs, values[side], runs, {0}};
      for (size_t i = 0; i < runs; i++) {
        sides[side].run_counts[i] = kind->slices;
        make_run(values[side] + i * kind->slices, kind, side == 1 ? slower : 0, &seed);
      }
    }
    count += decide_series(&sides[0], &sides[1]) == wanted;
  }
  return count;
}

static void expect_share(const struct kind *kinds, size_t count, size_t runs, double slower,
                         enum compare_verdict wanted, int percent) {
  for (size_t k = 0; k < count; k++)
    for (size_t s = 0; s < COUNT_OF(seeds); s++) {
      int found = count_verdicts(&kinds[k], runs, slower, seeds[s], wanted);
      if (found < TRIALS * percent / 100)
        fail_msg("%s, %zu slices, %zu runs a side, seed %llu: '%s' in %d of %d trials", kinds[k].name, kinds[k].slices,
                 runs, (unsigned long long)seeds[s], compare_verdict_text(wanted), found, TRIALS);
    }
}

static void two_runs_of_the_same_are_noise_in_98_of_100_trials(void **state) {
  (void)state;
  static const struct kind kinds[] = {
      {.name = "calm", .slices = 3, .spread = 0.02},
      {.name = "calm", .slices = 5, .spread = 0.02},
      {.name = "calm", .slices = 10, .spread = 0.02},
      {.name = "wide", .slices = 10, .spread = 0.2},
      {.name = "calm", .slices = 30, .spread = 0.05},
      {.name = "correlated", .slices = 5, .correlation = 0.5, .spread = 0.02},
      {.name = "correlated", .slices = 20, .correlation = 0.5, .spread = 0.03},
      {.name = "correlated", .slices = 30, .correlation = 0.7, .spread = 0.05},
      {.name = "opposed", .slices = 10, .correlation = -0.4, .spread = 0.05},
      {.name = "first slice", .slices = 10, .spread = 0.02, .first_probability = 0.1, .first_excess = 1.1},
      {.name = "first slice", .slices = 20, .spread = 0.02, .first_probability = 0.1, .first_excess = 1.1},
      {.name = "drift", .slices = 20, .spread = 0.02, .drift = 0.04},
      {.name = "two modes", .slices = 20, .spread = 0.02, .mode_probability = 0.1, .mode_excess = 0.35},
      {.name = "two modes", .slices = 20, .spread = 0.02, .mode_probability = 0.25, .mode_excess = 0.35},
      {.name = "runs", .slices = 20, .spread = 0.02, .between = 0.008},
      {.name = "all of it",
       .slices = 20,
       .correlation = 0.3,
       .spread = 0.02,
       .first_probability = 0.1,
       .first_excess = 1.1,
       .drift = 0.03,
       .mode_probability = 0.1,
       .mode_excess = 0.35,
       .between = 0.005},
  };
  expect_share(kinds, COUNT_OF(kinds), 1, 0, COMPARE_WITHIN_NOISE, 98);
}

static void a_slow_down_by_a_tenth_is_found_in_95_of_100_trials(void **state) {
  (void)state;
  static const struct kind kinds[] = {
      {.name = "calm", .slices = 20, .spread = 0.005},
      {.name = "calm", .slices = 20, .spread = 0.03},
      {.name = "correlated", .slices = 20, .correlation = 0.3, .spread = 0.02},
      {.name = "first slice", .slices = 20, .spread = 0.02, .first_probability = 0.1, .first_excess = 1.1},
      {.name = "every first slice", .slices = 20, .spread = 0.02, .first_probability = 1, .first_excess = 1.1},
      {.name = "drift", .slices = 20, .spread = 0.02, .drift = 0.04},
      {.name = "two modes", .slices = 20, .spread = 0.02, .mode_probability = 0.1, .mode_excess = 0.35},
      {.name = "runs", .slices = 20, .spread = 0.02, .between = 0.01},
  };
  expect_share(kinds, COUNT_OF(kinds), 1, 0.1, COMPARE_WORSE, 95);
}

/* Runs that differ more than their slices tell: a pair of them alone is misjudged, several are not. */
static void the_spread_between_runs_of_one_side_counts(void **state) {
  (void)state;
  static const struct kind apart[] = {
      {.name = "runs apart", .slices = 7, .spread = 0.01, .between = 0.04},
      {.name = "runs apart", .slices = 20, .spread = 0.02, .between = 0.03},
  };
  static const struct kind near[] = {
      {.name = "calm", .slices = 4, .spread = 0.02},
      {.name = "first slice", .slices = 4, .spread = 0.02, .first_probability = 0.1, .first_excess = 1.1},
      {.name = "drift", .slices = 4, .spread = 0.02, .drift = 0.05},
      {.name = "runs", .slices = 4, .spread = 0.02, .between = 0.015},
  };
  assert_true(count_verdicts(&apart[1], 1, 0, seeds[0], COMPARE_WITHIN_NOISE) < TRIALS * 80 / 100);
  expect_share(apart, COUNT_OF(apart), 3, 0, COMPARE_WITHIN_NOISE, 98);
  expect_share(near, COUNT_OF(near), 5, 0, COMPARE_WITHIN_NOISE, 99);
  expect_share(near, COUNT_OF(near), 5, 0.1, COMPARE_WORSE, 95);
}

/* Rounds of a machine that becomes slower and faster by a third meanwhile, as a virtual one does: each run of a round
 * has most of that in common, and a tenth of its own. One round in ten is of another kind altogether. */
static int count_round_verdicts(size_t rounds, double own, double slower, uint64_t seed, enum compare_verdict wanted) {
  int count = 0;
  for (int trial = 0; trial < TRIALS; trial++) {
    struct compare_answer answer;
    struct compare_question question = {
        .baseline = 1, .value = 1, .better = COMPARE_LOWER_IS_BETTER, .smallest = SMALLEST};
    question.has_slices = true;
    question.round_count = rounds;
    for (size_t i = 0; i < rounds; i++) {
      question.rounds[i] = log1p(slower) + own * (next_normal(&seed) - next_normal(&seed));
      if (next_uniform(&seed) < 0.1) question.rounds[i] += 0.5 * next_normal(&seed);
    }
    assert_true(compare_decide(&question, &answer));
    assert_int_equal(answer.rounds, rounds);
    count += answer.verdict == wanted;
  }
  return count;
}

static void runs_in_turn_are_compared_round_by_round(void **state) {
  (void)state;
  static const struct {
    size_t rounds;
    double own, slower;
    enum compare_verdict wanted;
    int percent;
  } cases[] = {
      {16, 0.1, 0, COMPARE_WITHIN_NOISE, 98},        {8, 0.02, 0, COMPARE_WITHIN_NOISE, 98},
      {16, 0.1, SMALLEST, COMPARE_WITHIN_NOISE, 98}, {16, 0.03, 0.1, COMPARE_WORSE, 95},
      {16, 0.03, -0.1, COMPARE_BETTER, 95},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    for (size_t s = 0; s < COUNT_OF(seeds); s++) {
      int found = count_round_verdicts(cases[i].rounds, cases[i].own, cases[i].slower, seeds[s], cases[i].wanted);
      if (found < TRIALS * cases[i].percent / 100)
        fail_msg("case %zu, seed %llu: '%s' in %d of %d trials", i, (unsigned long long)seeds[s],
                 compare_verdict_text(cases[i].wanted), found, TRIALS);
    }
}

/* The slices of two real runs, of 12 of 120 of which the first second was of another kind. */
static void one_first_second_hides_no_change(void **state) {
  (void)state;
  static const double one[] = {58300, 19600, 19580, 19610, 19630, 19590, 19605, 19615, 19570, 19600};
  static const double other[] = {59400, 21700, 21690, 21720, 21710, 21650, 21705, 21740, 21680, 21700};
  assert_int_equal(decide(one, 10, other, 10), COMPARE_WORSE);
  assert_int_equal(decide(one, 10, one, 10), COMPARE_WITHIN_NOISE);
}

static void only_a_change_beyond_the_smallest_is_named(void **state) {
  (void)state;
  static const double one[] = {1000, 1001, 999, 1000, 1002, 998, 1000, 1001};
  double near[COUNT_OF(one)], far[COUNT_OF(one)];
  for (size_t i = 0; i < COUNT_OF(one); i++) {
    near[i] = one[i] * (1 + SMALLEST - 0.001);
    far[i] = one[i] * (1 + SMALLEST + 0.01);
  }
  assert_int_equal(decide(one, COUNT_OF(one), near, COUNT_OF(one)), COMPARE_WITHIN_NOISE);
  assert_int_equal(decide(near, COUNT_OF(one), one, COUNT_OF(one)), COMPARE_WITHIN_NOISE);
  assert_int_equal(decide(one, COUNT_OF(one), far, COUNT_OF(one)), COMPARE_WORSE);
  assert_int_equal(decide(far, COUNT_OF(one), one, COUNT_OF(one)), COMPARE_BETTER);
}

/* Without the reduction this share would be far larger: the test above would not notice if it were left out only where
 * slices are independent. */
static void slices_that_resemble_their_neighbours_count_for_fewer(void **state) {
  (void)state;
  double calm[] = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2}, slow[] = {1, 1, 1, 1, 1, 2, 2, 2, 2, 2}, effective;
  double p_value;
  int direction;
  struct compare_series independent = {10, calm, 0, {0}}, resembling = {10, slow, 0, {0}};
  assert_true(compare_p_value(&independent, &independent, 0, &p_value, &effective, &direction));
  assert_true(effective == 20 && p_value == 1 && direction == 0);
  assert_true(compare_p_value(&resembling, &resembling, 0, &p_value, &effective, &direction));
  assert_true(effective < 5);
}

static struct compare_question ask(double baseline, double value, const double *baseline_slices, size_t baseline_count,
                                   const double *slices, size_t count) {
  return (struct compare_question){
      .baseline = baseline,
      .value = value,
      .better = COMPARE_LOWER_IS_BETTER,
      .smallest = SMALLEST,
      .has_slices = true,
      .baseline_slices = {baseline_count, baseline_slices, 0, {0}},
      .slices = {count, slices, 0, {0}},
  };
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
    struct compare_question question = ask(100, 120, low, 4, high, 4);
    if (!cases[i].rises) question = ask(120, 100, high, 4, low, 4);
    question.better = cases[i].better;
    assert_true(compare_decide(&question, &answer));
    assert_int_equal(answer.verdict, cases[i].verdict);
    assert_true(fabs(answer.change - (cases[i].rises ? 0.2 : -1.0 / 6)) < 1e-12);
  }
}

static void only_what_is_worse_by_more_than_the_threshold_is_a_regression(void **state) {
  (void)state;
  struct compare_answer answer = {.verdict = COMPARE_WORSE, .change = 0.06, .shift = NAN};
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
  struct compare_question question = ask(100, 200, one, 3, other, 2);
  assert_true(compare_decide(&question, &answer));
  assert_int_equal(answer.verdict, COMPARE_FEW_SLICES);
  assert_true(isnan(answer.p_value));
  question.slices.count = 3;
  assert_true(compare_decide(&question, &answer));
  assert_int_not_equal(answer.verdict, COMPARE_FEW_SLICES);
}

static void a_figure_without_slices_gets_its_change_alone(void **state) {
  (void)state;
  struct compare_answer answer;
  struct compare_question question = {.baseline = 100, .value = 150, .better = COMPARE_LOWER_IS_BETTER};
  assert_true(compare_decide(&question, &answer));
  assert_int_equal(answer.verdict, COMPARE_UNTESTED);
  assert_true(answer.change == 0.5);
  question.baseline = 0;
  assert_true(compare_decide(&question, &answer));
  assert_true(isnan(answer.change));
}

static void what_one_second_of_outlier_does_to_the_change_is_nothing(void **state) {
  (void)state;
  static const double one[] = {300, 100, 101, 99, 100, 102}, other[] = {110, 111, 109, 110, 111, 110};
  struct compare_answer answer;
  struct compare_question question = ask(133, 110, one, 6, other, 6);
  question.leaves_out_any = true;
  assert_true(compare_decide(&question, &answer));
  assert_true(fabs(answer.shift - 0.1) < 0.01);
  assert_true(answer.change < -0.1);
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
  struct compare_question question = ask(120, 100, low, 4, high, 4);
  assert_true(compare_decide(&question, &answer));
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
  double p_value;
  int direction;
  struct compare_series one = {10, modified, 0, {0}}, other = {10, unmodified, 0, {0}};
  assert_true(compare_p_value(&one, &other, 0, &p_value, &effective, &direction));
  assert_int_equal(direction, 1);
  assert_true(effective == 20);
  assert_true(p_value > 0.035 && p_value < 0.05);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_runs_of_the_same_are_noise_in_98_of_100_trials),
      cmocka_unit_test(a_slow_down_by_a_tenth_is_found_in_95_of_100_trials),
      cmocka_unit_test(the_spread_between_runs_of_one_side_counts),
      cmocka_unit_test(runs_in_turn_are_compared_round_by_round),
      cmocka_unit_test(one_first_second_hides_no_change),
      cmocka_unit_test(only_a_change_beyond_the_smallest_is_named),
      cmocka_unit_test(what_one_second_of_outlier_does_to_the_change_is_nothing),
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
