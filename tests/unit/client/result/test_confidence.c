/* Intervals over slices: known figures, which slices count, and how often the true mean lies inside. */
#include "client/result/confidence.h"

#include <math.h>

#include "tests/unit/unit_test.h"

#define SECOND UINT64_C(1000000000)

static struct result_interval slice(uint64_t duration_ns, uint64_t round_trips, uint64_t p50_ns, uint64_t p99_ns) {
  return (struct result_interval){
      .duration_ns = duration_ns, .round_trips = round_trips, .rtt_p50_ns = p50_ns, .rtt_p99_ns = p99_ns};
}

static void assert_near(double got, double wanted) {
  if (fabs(got - wanted) > 0.01) fail_msg("got %.4f, wanted %.4f", got, wanted);
}

static void the_interval_is_that_of_students_t(void **state) {
  struct result_interval slices[5];
  static const uint64_t p50[] = {18000, 18000, 20000, 22000, 22000};
  struct result_confidence confidence;
  (void)state;
  for (size_t i = 0; i < 5; i++)
    slices[i] = slice(SECOND, 1000, p50[i], 50000);
  confidence_of(slices, 5, &confidence);
  assert_int_equal(confidence.slices, 5);
  assert_true(confidence.p50.is_known && confidence.p99.is_known);
  /* Mean 20,000, standard deviation 2,000, t(0.975, 4) = 2.776445: 20,000 +- 2.776445 * 2,000 / sqrt(5). */
  assert_near(confidence.p50.low_ns, 20000 - 2483.328);
  assert_near(confidence.p50.high_ns, 20000 + 2483.328);
  /* Slices that do not differ leave no doubt. */
  assert_near(confidence.p99.low_ns, 50000);
  assert_near(confidence.p99.high_ns, 50000);
}

static void only_full_slices_with_round_trips_count(void **state) {
  const struct result_interval slices[] = {
      slice(SECOND, 1000, 100, 900),       slice(SECOND + 5, 1000, 100, 900),    slice(SECOND, 0, 0, 0),
      slice(SECOND * 96 / 100, 9, 100, 1), slice(SECOND / 2, 1000, 7000, 90000),
  };
  struct result_confidence confidence;
  (void)state;
  confidence_of(slices, COUNT_OF(slices), &confidence);
  assert_int_equal(confidence.slices, 3);
  assert_near(confidence.p50.low_ns, 100);
  assert_near(confidence.p50.high_ns, 100);
  /* One of them has too few round trips for a p99 of its own. */
  assert_false(confidence.p99.is_known);
}

static void two_slices_are_too_few(void **state) {
  const struct result_interval slices[] = {slice(SECOND, 1000, 100, 900), slice(SECOND, 1000, 200, 900)};
  struct result_confidence confidence;
  (void)state;
  confidence_of(slices, 2, &confidence);
  assert_int_equal(confidence.slices, 2);
  assert_false(confidence.p50.is_known || confidence.p99.is_known);
  confidence_of(slices, 0, &confidence);
  assert_int_equal(confidence.slices, 0);
}

static void no_time_is_below_zero(void **state) {
  const struct result_interval slices[] = {slice(SECOND, 1000, 1, 900), slice(SECOND, 1000, 1, 900),
                                           slice(SECOND, 1000, 90000, 900)};
  struct result_confidence confidence;
  (void)state;
  confidence_of(slices, 3, &confidence);
  assert_true(confidence.p50.low_ns == 0);
  assert_true(confidence.p50.high_ns > 90000);
}

static double draw(uint64_t *seed) {
  *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return ((double)(*seed >> 11) + 0.5) / 9007199254740992.0;
}

/* A 95 % interval holds the true mean in 95 of 100 runs, whatever the number of slices. */
static void the_true_mean_lies_inside_as_often_as_promised(void **state) {
  static const size_t counts[] = {3, 5, 10, 30};
  uint64_t seed = 1;
  (void)state;
  for (size_t c = 0; c < COUNT_OF(counts); c++) {
    int inside = 0;
    for (int run = 0; run < 4000; run++) {
      struct result_interval slices[30];
      struct result_confidence confidence;
      for (size_t i = 0; i < counts[c]; i++) {
        double normal = sqrt(-2 * log(draw(&seed))) * cos(6.283185307179586 * draw(&seed));
        slices[i] = slice(SECOND, 1000, (uint64_t)(20000 + 1000 * normal), 1);
      }
      confidence_of(slices, counts[c], &confidence);
      inside += confidence.p50.low_ns <= 20000 && 20000 <= confidence.p50.high_ns;
    }
    if (inside < 3740 || inside > 3860) fail_msg("%zu slices: inside in %d of 4000 runs", counts[c], inside);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_interval_is_that_of_students_t),
      cmocka_unit_test(only_full_slices_with_round_trips_count),
      cmocka_unit_test(two_slices_are_too_few),
      cmocka_unit_test(no_time_is_below_zero),
      cmocka_unit_test(the_true_mean_lies_inside_as_often_as_promised),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
