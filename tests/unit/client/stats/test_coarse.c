/* Coarse counts: each value in its slot, and percentiles close to the exact ones. */
#include "client/stats/coarse.h"

#include <string.h>

#include "client/stats/histogram.h"
#include "tests/unit/unit_test.h"

static void a_value_lies_within_its_slot(void **state) {
  static const uint64_t values[] = {0,    1,     31,     32,      33,         63,         64,
                                    65,   1000,  5120,   5121,    123456,     1000000000, (UINT64_C(1) << 41) + 7,
                                    4095, 65535, 999999, 1048576, 4294967295, 4294967296};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(values); i++) {
    size_t slot = coarse_slot(values[i]);
    assert_in_range(slot, 0, COARSE_SLOTS - 1);
    assert_true(coarse_lower_ns(slot) <= values[i]);
    assert_true(coarse_lower_ns(slot + 1) > values[i]);
  }
  assert_int_equal(COARSE_SLOTS - 1, coarse_slot(UINT64_MAX));
}

static void slots_follow_each_other_and_are_at_most_a_thirtieth_wide(void **state) {
  (void)state;
  for (size_t slot = 1; slot < COARSE_SLOTS; slot++) {
    uint64_t lower = coarse_lower_ns(slot), upper = coarse_lower_ns(slot + 1);
    assert_true(upper > lower);
    assert_int_equal(slot, coarse_slot(lower));
    if (slot >= COARSE_HALF) assert_true((upper - lower) * COARSE_HALF <= lower);
  }
}

static void percentiles_are_within_two_percent_of_the_exact_ones(void **state) {
  static const double percents[] = {0, 1, 25, 50, 90, 99, 99.9, 100};
  static struct coarse coarse;
  struct histogram *exact = histogram_create();
  uint64_t value = 5000;
  (void)state;
  assert_non_null(exact);
  memset(&coarse, 0, sizeof coarse);
  assert_float_equal(coarse_percentile(&coarse, 50), 0, 1e-9);
  for (size_t i = 0; i < 20000; i++) {
    value = value * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t ns = 4000 + (value >> 33) % 3000 + (i % 50 == 0 ? 40000000 : 0);
    histogram_record(exact, ns);
    coarse_record(&coarse, ns);
  }
  for (size_t i = 0; i < COUNT_OF(percents); i++) {
    double wanted = (double)histogram_percentile(exact, percents[i]);
    assert_float_equal(coarse_percentile(&coarse, percents[i]) / wanted, 1, 0.02);
  }
  histogram_free(exact);
}

static void a_difference_holds_what_came_since(void **state) {
  static struct coarse now, before, since;
  (void)state;
  coarse_record(&now, 100);
  before = now;
  coarse_record(&now, 9000);
  coarse_since(&now, &before, &since);
  assert_int_equal(1, since.count);
  assert_float_equal(coarse_percentile(&since, 50) / 9000, 1, 0.02);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_value_lies_within_its_slot),
      cmocka_unit_test(slots_follow_each_other_and_are_at_most_a_thirtieth_wide),
      cmocka_unit_test(percentiles_are_within_two_percent_of_the_exact_ones),
      cmocka_unit_test(a_difference_holds_what_came_since),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
