/* Axes: where values stand, and which are marked. */
#include "client/charts/scale.h"

#include <math.h>
#include <string.h>

#include "tests/unit/unit_test.h"

static void labels_are_short_and_have_units(void **state) {
  (void)state;
  static const struct {
    enum scale_kind kind;
    double value;
    const char *label;
  } cases[] = {
      {SCALE_DURATION, 0, "0"},
      {SCALE_DURATION, 950, "950 ns"},
      {SCALE_DURATION, 20000, "20 us"},
      {SCALE_DURATION, 1e9, "1 s"},
      {SCALE_BIT_RATE, 2.5e9, "2.5 Gbit/s"},
      {SCALE_RATE, 50000, "50 k"},
      {SCALE_BYTES, 65536, "64 KiB"},
      {SCALE_BYTES, 1, "1 B"},
      {SCALE_SHARE, 0.001, "0.001 %"},
      {SCALE_PERCENTILE, 99.99, "99.99 %"},
      {SCALE_COUNT, 12, "12"},
  };
  char label[SCALE_LABEL_SIZE];
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_string_equal(scale_label(cases[i].kind, cases[i].value, label), cases[i].label);
}

static void ends_are_round_and_values_between_them(void **state) {
  (void)state;
  struct scale scale = scale_make(SCALE_DURATION, 0, 13, 87, 100, 0);
  assert_true(scale.low <= 13 && scale.high >= 87);
  assert_true(fabs(fmod(scale.low, 20)) < 1e-9 && fabs(fmod(scale.high, 20)) < 1e-9);
  assert_true(scale_place(&scale, 87) < scale_place(&scale, 13));
  assert_true(scale_place(&scale, 1e12) == 0 && scale_place(&scale, -1) == 100);
}

static void each_factor_has_the_same_room_on_a_log_axis(void **state) {
  (void)state;
  struct scale scale = scale_make(SCALE_DURATION, 1, 10, 10000, 0, 300);
  assert_true(fabs(scale_place(&scale, 100) - 100) < 1e-6);
  assert_true(fabs(scale_place(&scale, 1000) - 200) < 1e-6);
  /* 0 has no place on it, and stands at its beginning. */
  assert_true(scale_place(&scale, 0) == 0);
}

static void each_nine_has_the_same_room_on_a_percentile_axis(void **state) {
  (void)state;
  struct scale scale = scale_make(SCALE_PERCENTILE, 0, 0, 99.99, 0, 400);
  assert_true(fabs(scale_place(&scale, 90) - 100) < 1e-6);
  assert_true(fabs(scale_place(&scale, 99) - 200) < 1e-6);
  assert_true(fabs(scale_place(&scale, 99.9) - 300) < 1e-6);
  assert_true(scale_place(&scale, 100) == 400);
}

static void marks_ascend_inside_the_axis(void **state) {
  (void)state;
  static const struct {
    enum scale_kind kind;
    int is_log;
    double least, most;
  } cases[] = {
      {SCALE_DURATION, 0, 0, 1},        {SCALE_DURATION, 0, 17, 17},     {SCALE_DURATION, 1, 15, 12e6},
      {SCALE_DURATION, 1, 90, 110},     {SCALE_BYTES, 1, 1, 1048576},    {SCALE_BYTES, 1, 64, 512},
      {SCALE_PERCENTILE, 0, 0, 99.999}, {SCALE_SHARE, 1, 0.001, 50},     {SCALE_COUNT, 0, 0, 0},
      {SCALE_DURATION, 1, 0, 0},        {SCALE_DURATION, 0, 1e15, 2e18},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    double ticks[SCALE_TICKS_MAX];
    struct scale scale = scale_make(cases[i].kind, cases[i].is_log, cases[i].least, cases[i].most, 0, 1);
    size_t count = scale_ticks(&scale, 8, ticks);
    assert_in_range(count, 1, 8);
    for (size_t t = 0; t < count; t++) {
      assert_true(ticks[t] >= scale.low * 0.9999 - 1e-9 && ticks[t] <= scale.high * 1.0001);
      if (t > 0) assert_true(ticks[t] > ticks[t - 1]);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(labels_are_short_and_have_units),
      cmocka_unit_test(ends_are_round_and_values_between_them),
      cmocka_unit_test(each_factor_has_the_same_room_on_a_log_axis),
      cmocka_unit_test(each_nine_has_the_same_room_on_a_percentile_axis),
      cmocka_unit_test(marks_ascend_inside_the_axis),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
