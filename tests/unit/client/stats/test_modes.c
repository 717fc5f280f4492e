/* Shapes of one mode, of two, and of none, drawn from many seeds: the judgement must not depend on luck. */
#include "client/stats/modes.h"

#include <math.h>

#include "tests/unit/unit_test.h"

#define SEEDS 100
#define PI    3.14159265358979323846

/* A generator of its own, so that every machine draws the same (Numerical Recipes' 64-bit linear congruence). */
static double draw(uint64_t *seed) {
  *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return ((double)(*seed >> 11) + 0.5) / 9007199254740992.0;
}

static double draw_normal(uint64_t *seed) {
  double radius = sqrt(-2 * log(draw(seed)));
  return radius * cos(2 * PI * draw(seed));
}

/* A value around `middle`, spread by this factor. */
static double draw_around(uint64_t *seed, double middle, double spread) {
  return middle * exp(spread * draw_normal(seed));
}

/* One shape: a share of the values lies around a second middle, and a share in a tail above the first. */
struct shape {
  double middle, spread;
  double second_share, second_middle, second_spread;
  double tail_share; /* Pareto's tail: the share above x falls as x to the power of -tail_power */
  double tail_power;
  uint64_t step_ns; /* of a coarse clock; 1: fine */
};

static void record_shape(struct histogram *histogram, const struct shape *shape, uint64_t count, uint64_t seed) {
  histogram_reset(histogram);
  for (uint64_t i = 0; i < count; i++) {
    double kind = draw(&seed), value;
    if (kind < shape->second_share)
      value = draw_around(&seed, shape->second_middle, shape->second_spread);
    else if (kind < shape->second_share + shape->tail_share)
      value = shape->middle * pow(draw(&seed), -1 / shape->tail_power);
    else
      value = draw_around(&seed, shape->middle, shape->spread);
    histogram_record(histogram, (uint64_t)(value / (double)shape->step_ns) * shape->step_ns);
  }
}

static void expect(const struct shape *shape, size_t row, bool wanted) {
  static const uint64_t counts[] = {1000, 10000, 100000};
  struct histogram *histogram = histogram_create();
  struct mode modes[2];
  assert_non_null(histogram);
  for (size_t c = 0; c < COUNT_OF(counts); c++)
    for (uint64_t seed = 1; seed <= (counts[c] > 10000 ? 5 : SEEDS); seed++) {
      record_shape(histogram, shape, counts[c], seed);
      if (modes_find(histogram, modes) != wanted)
        fail_msg("row %zu, %llu values, seed %llu: wanted %s", row, (unsigned long long)counts[c],
                 (unsigned long long)seed, wanted ? "two modes" : "none");
    }
  histogram_free(histogram);
}

static void one_mode_is_no_pair(void **state) {
  static const struct shape shapes[] = {
      {.middle = 18000, .spread = 0.01, .step_ns = 1},  {.middle = 18000, .spread = 0.05, .step_ns = 1},
      {.middle = 18000, .spread = 0.2, .step_ns = 1},   {.middle = 18000, .spread = 0.7, .step_ns = 1},
      {.middle = 18000, .spread = 1.5, .step_ns = 1},   {.middle = 18000, .spread = 0.1, .step_ns = 1000},
      {.middle = 9000, .spread = 0.2, .step_ns = 1000}, {.middle = 60, .spread = 0.1, .step_ns = 1},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(shapes); i++)
    expect(&shapes[i], i, false);
}

static void a_long_tail_is_no_mode(void **state) {
  static const struct shape shapes[] = {
      {.middle = 18000, .spread = 0.1, .tail_share = 0.03, .tail_power = 0.8, .step_ns = 1},
      {.middle = 18000, .spread = 0.1, .tail_share = 0.1, .tail_power = 1, .step_ns = 1},
      {.middle = 18000, .spread = 0.1, .tail_share = 0.3, .tail_power = 0.5, .step_ns = 1},
      {.middle = 18000, .spread = 0.05, .tail_share = 0.5, .tail_power = 1.5, .step_ns = 1},
      /* 2 % of stalls around 4 ms: too few to speak of two kinds of round trips. */
      {.middle = 18000, .spread = 0.1, .second_share = 0.02, .second_middle = 4e6, .second_spread = 0.1, .step_ns = 1},
      /* 8 % anywhere between 100 us and 100 ms. */
      {.middle = 18000, .spread = 0.1, .second_share = 0.08, .second_middle = 3e6, .second_spread = 2, .step_ns = 1},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(shapes); i++)
    expect(&shapes[i], i, false);
}

static void modes_that_run_into_each_other_are_one(void **state) {
  static const struct shape shapes[] = {
      {.middle = 18000, .spread = 0.2, .second_share = 0.5, .second_middle = 25000, .second_spread = 0.2, .step_ns = 1},
      {.middle = 18000,
       .spread = 0.02,
       .second_share = 0.5,
       .second_middle = 20000,
       .second_spread = 0.02,
       .step_ns = 1},
      {.middle = 18000, .spread = 0.3, .second_share = 0.2, .second_middle = 36000, .second_spread = 0.3, .step_ns = 1},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(shapes); i++)
    expect(&shapes[i], i, false);
}

static void two_modes_are_found(void **state) {
  static const struct shape shapes[] = {
      {.middle = 9000,
       .spread = 0.08,
       .second_share = 0.5,
       .second_middle = 18000,
       .second_spread = 0.08,
       .step_ns = 1},
      {.middle = 9000,
       .spread = 0.08,
       .second_share = 0.1,
       .second_middle = 18000,
       .second_spread = 0.08,
       .step_ns = 1},
      {.middle = 9000,
       .spread = 0.08,
       .second_share = 0.9,
       .second_middle = 18000,
       .second_spread = 0.08,
       .step_ns = 1},
      {.middle = 18000, .spread = 0.2, .second_share = 0.3, .second_middle = 40e6, .second_spread = 0.02, .step_ns = 1},
      /* Each with a tail, or by a coarse clock. */
      {.middle = 9000,
       .spread = 0.08,
       .second_share = 0.4,
       .second_middle = 20000,
       .second_spread = 0.08,
       .tail_share = 0.02,
       .tail_power = 1,
       .step_ns = 1},
      {.middle = 9000,
       .spread = 0.08,
       .second_share = 0.4,
       .second_middle = 20000,
       .second_spread = 0.08,
       .step_ns = 1000},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(shapes); i++)
    expect(&shapes[i], i, true);
}

static void the_modes_have_their_own_counts_and_medians(void **state) {
  static const struct shape shape = {.middle = 9000,
                                     .spread = 0.05,
                                     .second_share = 0.25,
                                     .second_middle = 18000,
                                     .second_spread = 0.05,
                                     .step_ns = 1};
  struct histogram *histogram = histogram_create();
  struct mode modes[2];
  (void)state;
  assert_non_null(histogram);
  record_shape(histogram, &shape, 100000, 7);
  assert_true(modes_find(histogram, modes));
  assert_int_equal(modes[0].count + modes[1].count, 100000);
  assert_in_range(modes[0].count, 74000, 76000);
  assert_in_range(modes[0].p50_ns, 8910, 9090);
  assert_in_range(modes[1].p50_ns, 17820, 18180);
  histogram_free(histogram);
}

static void few_values_tell_nothing(void **state) {
  struct histogram *histogram = histogram_create();
  struct mode modes[2];
  (void)state;
  assert_non_null(histogram);
  assert_false(modes_find(histogram, modes));
  for (int i = 0; i < MODES_SAMPLES_MIN - 1; i++)
    histogram_record(histogram, i % 2 == 0 ? 1000 : 50000);
  assert_false(modes_find(histogram, modes));
  histogram_record(histogram, 1000);
  assert_true(modes_find(histogram, modes));
  histogram_free(histogram);
}

static void the_ends_of_the_range_do_not_disturb(void **state) {
  struct histogram *histogram = histogram_create();
  struct mode modes[2];
  (void)state;
  assert_non_null(histogram);
  for (int i = 0; i < 500; i++) {
    histogram_record(histogram, 0);
    histogram_record(histogram, UINT64_MAX / 2);
  }
  assert_true(modes_find(histogram, modes));
  assert_int_equal(modes[0].count, 500);
  assert_int_equal(modes[0].p50_ns, 1);
  histogram_free(histogram);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_mode_is_no_pair),
      cmocka_unit_test(a_long_tail_is_no_mode),
      cmocka_unit_test(modes_that_run_into_each_other_are_one),
      cmocka_unit_test(two_modes_are_found),
      cmocka_unit_test(the_modes_have_their_own_counts_and_medians),
      cmocka_unit_test(few_values_tell_nothing),
      cmocka_unit_test(the_ends_of_the_range_do_not_disturb),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
