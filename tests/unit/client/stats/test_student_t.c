/* Student's t against the published table (Abramowitz and Stegun 26.10) and against closed forms. */
#include "client/stats/student_t.h"

#include <math.h>

#include "tests/unit/unit_test.h"

#define PI 3.14159265358979323846

static void assert_near(double got, double wanted, double tolerance) {
  if (fabs(got - wanted) > tolerance) fail_msg("got %.9f, wanted %.9f", got, wanted);
}

static void quantiles_are_those_of_the_table(void **state) {
  static const struct {
    double share, degrees, wanted;
  } cases[] = {
      {0.975, 1, 12.706}, {0.975, 2, 4.303},  {0.975, 3, 3.182},  {0.975, 4, 2.776},     {0.975, 9, 2.262},
      {0.975, 19, 2.093}, {0.975, 29, 2.045}, {0.975, 60, 2.000}, {0.975, 120, 1.980},   {0.975, 1e7, 1.960},
      {0.95, 1, 6.314},   {0.95, 10, 1.812},  {0.995, 2, 9.925},  {0.995, 30, 2.750},    {0.9995, 5, 6.869},
      {0.5, 7, 0},        {0.025, 4, -2.776}, {0.75, 1, 1},       {0.975, 86399, 1.960},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_near(student_t_quantile(cases[i].share, cases[i].degrees), cases[i].wanted, 0.0006);
}

static void degrees_need_not_be_whole(void **state) {
  (void)state;
  double between = student_t_quantile(0.975, 4.5);
  assert_true(between < student_t_quantile(0.975, 4));
  assert_true(between > student_t_quantile(0.975, 5));
}

/* With one and two degrees of freedom the distribution has a closed form. */
static void shares_are_those_of_the_closed_forms(void **state) {
  (void)state;
  for (double t = -40; t <= 40; t += 0.25) {
    assert_near(student_t_share(t, 1), 0.5 + atan(t) / PI, 1e-12);
    assert_near(student_t_share(t, 2), 0.5 + t / (2 * sqrt(2 + t * t)), 1e-12);
  }
}

static void quantile_and_share_undo_each_other(void **state) {
  static const double degrees[] = {0.5, 1, 2.7, 10, 59, 1000};
  (void)state;
  for (size_t d = 0; d < COUNT_OF(degrees); d++)
    for (double share = 0.01; share < 1; share += 0.01)
      assert_near(student_t_share(student_t_quantile(share, degrees[d]), degrees[d]), share, 1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quantiles_are_those_of_the_table),
      cmocka_unit_test(degrees_need_not_be_whole),
      cmocka_unit_test(shares_are_those_of_the_closed_forms),
      cmocka_unit_test(quantile_and_share_undo_each_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
