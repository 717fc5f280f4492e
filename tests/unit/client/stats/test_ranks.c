/* Ranks with ties, and the shift against every pair counted out. */
#include "client/stats/ranks.h"

#include <math.h>
#include <string.h>

#include "tests/unit/unit_test.h"

static void equal_values_share_the_mean_of_their_ranks(void **state) {
  (void)state;
  static const double one[] = {30, 10, 20}, other[] = {20, 20, 5};
  double one_ranks[3], other_ranks[3];
  assert_true(ranks_of(one, 3, other, 3, one_ranks, other_ranks));
  assert_true(one_ranks[0] == 6 && one_ranks[1] == 2 && one_ranks[2] == 4);
  assert_true(other_ranks[0] == 4 && other_ranks[1] == 4 && other_ranks[2] == 1);
}

static void ranks_may_be_written_over_the_values(void **state) {
  (void)state;
  double one[] = {30, 10}, other[] = {20};
  assert_true(ranks_of(one, 2, other, 1, one, other));
  assert_true(one[0] == 3 && one[1] == 1 && other[0] == 2);
}

static void the_median_is_the_middle(void **state) {
  (void)state;
  double odd[] = {3, 1, 2}, even[] = {4, 1, 3, 2}, alone[] = {7};
  assert_true(ranks_median(odd, 3) == 2);
  assert_true(ranks_median(even, 4) == 2.5);
  assert_true(ranks_median(alone, 1) == 7);
}

static void the_shift_is_the_median_of_all_differences(void **state) {
  (void)state;
  static const struct {
    size_t one_count, other_count;
    double one[5], other[5];
  } cases[] = {
      {1, 1, {3}, {5}},
      {3, 2, {1, 5, 2}, {9, 4}},
      {5, 5, {300, 100, 101, 99, 100}, {110, 111, 109, 900, 110}},
      {4, 4, {1, 1, 1, 1}, {1, 1, 1, 1}},
      {5, 4, {-3, 0, 2.5, 2.5, 7}, {-8, -8, 0, 1}},
  };
  for (size_t c = 0; c < COUNT_OF(cases); c++) {
    double one[5], other[5], differences[25];
    size_t count = 0;
    for (size_t i = 0; i < cases[c].one_count; i++)
      for (size_t j = 0; j < cases[c].other_count; j++)
        differences[count++] = cases[c].other[j] - cases[c].one[i];
    memcpy(one, cases[c].one, sizeof one);
    memcpy(other, cases[c].other, sizeof other);
    double wanted = ranks_median(differences, count);
    double got = ranks_shift(one, cases[c].one_count, other, cases[c].other_count);
    if (fabs(got - wanted) > 1e-9) fail_msg("case %zu: wanted %.12g, got %.12g", c, wanted, got);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equal_values_share_the_mean_of_their_ranks),
      cmocka_unit_test(ranks_may_be_written_over_the_values),
      cmocka_unit_test(the_median_is_the_middle),
      cmocka_unit_test(the_shift_is_the_median_of_all_differences),
  };
  return cmocka_run_group_tests_name("ranks", tests, NULL, NULL);
}
