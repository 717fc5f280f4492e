/* Who gets in and which thread serves it, as tables. */
#include "server/threads/admission.h"

#include "tests/unit/unit_test.h"

static void connections_are_judged_by_both_limits(void **state) {
  static const struct {
    struct admission_facts facts; /* open, max, descriptor, descriptor limit */
    enum admission wanted;
  } cases[] = {
      {{0, 0, 10, 1024}, ADMISSION_ACCEPT},
      {{100000, 0, 10, 0}, ADMISSION_ACCEPT},
      {{0, 1, 10, 1024}, ADMISSION_ACCEPT},
      {{1, 1, 10, 1024}, ADMISSION_TOO_MANY},
      {{2, 1, 10, 1024}, ADMISSION_TOO_MANY},
      {{9, 10, 10, 1024}, ADMISSION_ACCEPT},
      {{0, 0, 55, 64}, ADMISSION_ACCEPT},
      {{0, 0, 56, 64}, ADMISSION_NO_DESCRIPTORS},
      {{0, 0, 63, 64}, ADMISSION_NO_DESCRIPTORS},
      {{0, 0, 500, 64}, ADMISSION_NO_DESCRIPTORS}, /* the limit was lowered while it ran */
      {{5, 5, 60, 64}, ADMISSION_NO_DESCRIPTORS},
      {{0, 0, 0, 4}, ADMISSION_NO_DESCRIPTORS},
      {{0, 0, -1, 64}, ADMISSION_ACCEPT}, /* a system whose descriptors are no small numbers */
      {{UINT64_MAX, UINT64_MAX, 10, UINT64_MAX}, ADMISSION_TOO_MANY},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_int_equal(admission_judge(&cases[i].facts), cases[i].wanted);
}

static void the_next_connection_goes_to_the_thread_with_the_fewest(void **state) {
  static const struct {
    uint64_t open[4];
    size_t count, previous, wanted;
  } cases[] = {
      {{0}, 1, 0, 0},          {{7}, 1, 0, 0},
      {{0, 0, 0, 0}, 4, 3, 0}, /* the first of all: by the thread that accepts */
      {{0, 0, 0, 0}, 4, 0, 1}, {{0, 0, 0, 0}, 4, 2, 3},
      {{1, 0, 0, 0}, 4, 0, 1}, {{1, 1, 1, 0}, 4, 0, 3},
      {{1, 0, 1, 0}, 4, 1, 3},                          /* equals go round from the one that got the last */
      {{1, 0, 1, 0}, 4, 3, 1}, {{1, 0, 1, 1}, 4, 1, 1}, /* also twice the same, where it is the only one with so few */
      {{3, 2, 9, 2}, 4, 1, 3}, {{5, 6}, 2, 0, 0},
      {{6, 5}, 2, 1, 1},       {{UINT64_MAX, UINT64_MAX - 1}, 2, 0, 1},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_int_equal(admission_choose_thread(cases[i].open, cases[i].count, cases[i].previous), cases[i].wanted);
}

static void a_notice_is_said_once_until_it_is_forgotten(void **state) {
  bool was_said = false;
  (void)state;
  assert_true(admission_say_once(&was_said));
  assert_false(admission_say_once(&was_said));
  was_said = false;
  assert_true(admission_say_once(&was_said));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(connections_are_judged_by_both_limits),
      cmocka_unit_test(the_next_connection_goes_to_the_thread_with_the_fewest),
      cmocka_unit_test(a_notice_is_said_once_until_it_is_forgotten),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
