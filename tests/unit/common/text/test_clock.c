/* The clocks: one never goes back, the other is written as RFC 3339 wants it. */
#include "common/text/clock.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static void the_monotonic_clock_never_goes_back(void **state) {
  (void)state;
  uint64_t before = clock_now_ns();
  assert_true(before > 0);
  for (int i = 0; i < 100000; i++) {
    uint64_t now = clock_now_ns();
    assert_true(now >= before);
    before = now;
  }
}

static void the_calendar_clock_says_a_date_of_this_century(void **state) {
  (void)state;
  /* 2025-01-01 and 2100-01-01 */
  assert_in_range(clock_calendar_seconds(), 1735689600, 4102444800);
}

static void moments_are_written_in_utc(void **state) {
  (void)state;
  static const struct {
    int64_t seconds;
    const char *text;
  } cases[] = {
      {0, "1970-01-01T00:00:00Z"},
      {-1, "1969-12-31T23:59:59Z"},
      {951782399, "2000-02-28T23:59:59Z"},
      {951782400, "2000-02-29T00:00:00Z"},
      {1795339800, "2026-11-22T09:30:00Z"},
      {INT64_C(-11676096000), "1600-01-01T00:00:00Z"},
      {INT64_C(-11676096001), "unknown"},
      {INT32_MAX, "2038-01-19T03:14:07Z"},
      {INT64_C(2147483648), "2038-01-19T03:14:08Z"},
      {4102444800, "2100-01-01T00:00:00Z"},
      {INT64_C(4107542399), "2100-02-28T23:59:59Z"},
      {INT64_C(4107542400), "2100-03-01T00:00:00Z"},
      {INT64_C(253402300799), "9999-12-31T23:59:59Z"},
      {INT64_C(253402300800), "unknown"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char out[CLOCK_UTC_TEXT_SIZE];
    clock_utc_text(cases[i].seconds, out);
    assert_string_equal(out, cases[i].text);
  }
}

static void a_moment_beyond_all_calendars_still_makes_a_text(void **state) {
  (void)state;
  static const int64_t seconds[] = {INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < COUNT_OF(seconds); i++) {
    char out[CLOCK_UTC_TEXT_SIZE];
    memset(out, '!', sizeof(out));
    clock_utc_text(seconds[i], out);
    assert_non_null(memchr(out, '\0', sizeof(out)));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_monotonic_clock_never_goes_back),
      cmocka_unit_test(the_calendar_clock_says_a_date_of_this_century),
      cmocka_unit_test(moments_are_written_in_utc),
      cmocka_unit_test(a_moment_beyond_all_calendars_still_makes_a_text),
  };
  return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
