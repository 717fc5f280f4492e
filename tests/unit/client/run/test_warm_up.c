/* When a warm-up is over, by rates made up half by half. */
#include "client/run/warm_up.h"

#include "tests/unit/unit_test.h"

#define HALF_NS 100

/* Adds halves of so many bytes each until the warm-up is over; returns their number. */
static size_t warm(struct warm_up *warm_up, const uint64_t *halves, size_t count) {
  uint64_t bytes = 0, now_ns = 5000;
  warm_up_begin(warm_up, 2 * HALF_NS, now_ns);
  assert_int_equal(warm_up_half_ns(warm_up), HALF_NS);
  for (size_t i = 0; i < count; i++) {
    bytes += halves[i];
    now_ns += HALF_NS;
    if (warm_up_add(warm_up, bytes, now_ns)) return i + 1;
  }
  return 0;
}

static void a_rate_that_stays_needs_no_more(void **state) {
  (void)state;
  static const uint64_t halves[] = {1000, 1099, 9000};
  struct warm_up warm_up;
  assert_int_equal(warm(&warm_up, halves, COUNT_OF(halves)), 2);
  assert_false(warm_up_is_extended(&warm_up));
  assert_true(warm_up_has_settled(&warm_up));
  assert_int_equal(warm_up.taken_ns, 2 * HALF_NS);
}

static void a_rate_that_rises_or_falls_is_waited_for(void **state) {
  (void)state;
  static const uint64_t rises[] = {100, 200, 300, 900, 910}, falls[] = {910, 900, 0};
  static const uint64_t sinks[] = {910, 500, 300, 299};
  struct warm_up warm_up;
  assert_int_equal(warm(&warm_up, rises, COUNT_OF(rises)), 5);
  assert_true(warm_up_is_extended(&warm_up));
  assert_true(warm_up_has_settled(&warm_up));
  assert_int_equal(warm_up.taken_ns, 5 * HALF_NS);
  assert_int_equal(warm(&warm_up, falls, COUNT_OF(falls)), 2);
  assert_int_equal(warm(&warm_up, sinks, COUNT_OF(sinks)), 4);
}

static void a_rate_that_never_settles_is_not_waited_for_for_ever(void **state) {
  (void)state;
  uint64_t halves[100];
  struct warm_up warm_up;
  for (size_t i = 0; i < COUNT_OF(halves); i++)
    halves[i] = i % 2 == 0 ? 1000 : 2000;
  assert_int_equal(warm(&warm_up, halves, COUNT_OF(halves)), 2 * WARM_UP_TIMES_MAX);
  assert_true(warm_up_is_extended(&warm_up));
  assert_false(warm_up_has_settled(&warm_up));
}

static void halves_that_come_late_do_not_add_up(void **state) {
  (void)state;
  struct warm_up warm_up;
  warm_up_begin(&warm_up, 2 * HALF_NS, 0);
  assert_false(warm_up_add(&warm_up, 1000, HALF_NS));
  assert_true(warm_up_add(&warm_up, 1100, WARM_UP_TIMES_MAX * 2 * HALF_NS));
  assert_false(warm_up_has_settled(&warm_up));
  assert_true(warm_up_is_extended(&warm_up));
}

static void silence_is_settled(void **state) {
  (void)state;
  static const uint64_t halves[] = {0, 0, 0};
  struct warm_up warm_up;
  assert_int_equal(warm(&warm_up, halves, COUNT_OF(halves)), 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_rate_that_stays_needs_no_more),
      cmocka_unit_test(a_rate_that_rises_or_falls_is_waited_for),
      cmocka_unit_test(a_rate_that_never_settles_is_not_waited_for_for_ever),
      cmocka_unit_test(halves_that_come_late_do_not_add_up),
      cmocka_unit_test(silence_is_settled),
  };
  return cmocka_run_group_tests_name("warm_up", tests, NULL, NULL);
}
