/* The trimmed mean against an example that can be counted by hand. */
#include "client/stats/trimmed.h"

#include <math.h>
#include <stdbool.h>

#include "tests/unit/unit_test.h"

static bool is_near(double one, double other) {
  return fabs(one - other) < 1e-9;
}

/* Without the fifth at each end 2 to 9 ... of ten: 3, 4, 5, 6, 7, 8; Winsorized 3 3 3 4 5 6 7 8 8 8, whose mean is 5.5
 * and whose squared distances come to 42.5 - so the variance of the mean of six is 42.5 / (6 * 5). */
static void ten_values_are_trimmed_by_two_at_each_end(void **state) {
  (void)state;
  double values[] = {10, 2, 3, 4, 5, 6, 7, 8, 9, 1};
  struct trimmed found = trimmed_find(values, COUNT_OF(values));
  assert_true(is_near(found.mean, 5.5));
  assert_true(is_near(found.error, sqrt(42.5 / 30)));
  assert_true(is_near(found.degrees, 5));
}

static void wild_values_at_the_ends_weigh_nothing(void **state) {
  (void)state;
  double calm[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, wild[] = {-1e9, -70, 3, 4, 5, 6, 7, 8, 1e12, 900};
  struct trimmed one = trimmed_find(calm, COUNT_OF(calm)), other = trimmed_find(wild, COUNT_OF(wild));
  assert_true(is_near(one.mean, other.mean) && is_near(one.error, other.error));
}

static void the_fewest_values_have_an_error_too(void **state) {
  (void)state;
  double values[TRIMMED_MIN] = {1, 2, 3, 4, 5}, same[TRIMMED_MIN] = {7, 7, 7, 7, 7};
  struct trimmed found = trimmed_find(values, TRIMMED_MIN);
  assert_true(is_near(found.mean, 3) && found.error > 0 && is_near(found.degrees, 2));
  found = trimmed_find(same, TRIMMED_MIN);
  assert_true(is_near(found.mean, 7) && is_near(found.error, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ten_values_are_trimmed_by_two_at_each_end),
      cmocka_unit_test(wild_values_at_the_ends_weigh_nothing),
      cmocka_unit_test(the_fewest_values_have_an_error_too),
  };
  return cmocka_run_group_tests_name("trimmed", tests, NULL, NULL);
}
