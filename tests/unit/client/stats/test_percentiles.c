/* Lists of percentiles: what is taken, in which order, and what is refused. */
#include "client/stats/percentiles.h"

#include <string.h>

#include "common/options/options.h"
#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static void a_list_keeps_its_order_and_its_precision(void **state) {
  (void)state;
  static const double wanted[] = {99.999, 50, 75, 0.1, 100};
  struct percentile_list list;
  char problem[OPTIONS_PROBLEM_SIZE];
  assert_true(percentiles_parse_list(guard_page_place_string("99.999,50,75,0.1,100"), &list, problem));
  assert_int_equal(list.count, COUNT_OF(wanted));
  for (size_t i = 0; i < COUNT_OF(wanted); i++)
    assert_true(list.values[i] == wanted[i]);
}

static void what_is_no_percentile_is_named(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *part;
  } cases[] = {
      {"", "''"},
      {"50,", "''"},
      {",50", "''"},
      {"p50", "'p50'"},
      {"0", "'0'"},
      {"100.1", "'100.1'"},
      {"-1", "'-1'"},
      {"50 ", "'50 '"},
      {"5.", "'5.'"},
      {".5", "'.5'"},
      {"1e1", "'1e1'"},
      {"9.9.9", "'9.9.9'"},
      {"50;99", "'50;99'"},
      {"nan", "'nan'"},
      {"99.\x1b", "'99.\\x1b'"},
      {"0.00000000000001", "'0.00000000000001'"},
      {"1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "more than 16"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct percentile_list list;
    char problem[OPTIONS_PROBLEM_SIZE];
    if (percentiles_parse_list(guard_page_place_string(cases[i].text), &list, problem))
      fail_msg("'%s' was taken", cases[i].text);
    if (strstr(problem, cases[i].part) == NULL) fail_msg("'%s' lacks '%s'", problem, cases[i].part);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_list_keeps_its_order_and_its_precision),
      cmocka_unit_test(what_is_no_percentile_is_named),
  };
  return cmocka_run_group_tests_name("percentiles", tests, NULL, NULL);
}
