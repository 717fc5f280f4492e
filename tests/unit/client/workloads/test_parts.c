/* Round trips cut into parts: the parts add up, whatever the moments are, and disorder is refused. */
#include "client/workloads/parts.h"

#include <math.h>
#include <string.h>

#include "tests/unit/unit_test.h"

/* Parts of 1, 2, 4, ... 256 ns. */
static const uint64_t doubling[PARTS_MOMENTS] = {1000, 1001, 1003, 1007, 1015, 1031, 1063, 1127, 1255, 1511};

static void each_part_is_from_its_moment_to_the_next(void **state) {
  struct parts *parts = parts_create();
  struct distribution figures[FIGURE_COUNT] = {{0}};
  (void)state;
  assert_true(parts_add(parts, doubling, 0));
  assert_true(parts_is_ordered(doubling, 0));
  assert_true(parts_result(parts, figures));
  for (size_t i = 0; i < ANATOMY_PART_COUNT; i++)
    assert_int_equal(figures[FIGURE_ANATOMY + i].p50, UINT64_C(1) << i);
  assert_int_equal(figures[FIGURE_WHOLES + ANATOMY_CARRYING].p50, 1 + 32);
  assert_int_equal(figures[FIGURE_WHOLES + ANATOMY_WAKING].p50, 2 + 64);
  assert_int_equal(figures[FIGURE_WHOLES + ANATOMY_ASKING].p50, 4 + 128);
  assert_int_equal(figures[FIGURE_WHOLES + ANATOMY_READING].p50, 8 + 256);
  assert_int_equal(figures[FIGURE_WHOLES + ANATOMY_ANSWERING].p50, 16);
  parts_free(parts);
}

static void the_means_of_the_parts_add_up_to_the_mean_round_trip(void **state) {
  struct parts *parts = parts_create();
  struct distribution figures[FIGURE_COUNT] = {{0}};
  uint64_t seed = 1;
  double whole = 0, sum = 0, wholes = 0;
  enum { ROUND_TRIPS = 1000 };
  (void)state;
  for (size_t n = 0; n < ROUND_TRIPS; n++) {
    uint64_t moments[PARTS_MOMENTS] = {n};
    for (size_t i = 1; i < PARTS_MOMENTS; i++) {
      seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
      moments[i] = moments[i - 1] + 1 + (seed >> 44);
    }
    whole += (double)(moments[ANATOMY_PART_COUNT] - moments[0]);
    assert_true(parts_add(parts, moments, 0));
  }
  assert_true(parts_result(parts, figures));
  for (size_t i = 0; i < ANATOMY_PART_COUNT; i++)
    sum += figures[FIGURE_ANATOMY + i].mean;
  for (size_t i = 0; i < ANATOMY_WHOLE_COUNT; i++)
    wholes += figures[FIGURE_WHOLES + i].mean;
  assert_true(fabs(sum - whole / ROUND_TRIPS) < 1e-6 * sum);
  assert_true(fabs(wholes - whole / ROUND_TRIPS) < 1e-6 * wholes);
  parts_free(parts);
}

static void moments_out_of_order_are_refused_and_not_counted(void **state) {
  struct parts *parts = parts_create();
  struct distribution figures[FIGURE_COUNT] = {{0}};
  (void)state;
  for (size_t i = 0; i < ANATOMY_PART_COUNT; i++) {
    uint64_t moments[PARTS_MOMENTS];
    memcpy(moments, doubling, sizeof moments);
    moments[i] = moments[i + 1] + 100;
    if (parts_add(parts, moments, 50)) fail_msg("moment %zu", i);
  }
  assert_false(parts_result(parts, figures));
  parts_free(parts);
}

static void kernel_moments_may_be_wrong_by_the_clocks_error(void **state) {
  static const struct {
    size_t moment;
    int64_t by;
    bool accepted;
  } cases[] = {{1, -6, true},   {1, -7, false}, {1, 7, true},   {1, 8, false}, {6, -37, true},
               {6, -38, false}, {6, 69, true},  {6, 70, false}, {3, -5, false}};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct parts *parts = parts_create();
    uint64_t moments[PARTS_MOMENTS];
    memcpy(moments, doubling, sizeof moments);
    moments[cases[i].moment] = (uint64_t)((int64_t)moments[cases[i].moment] + cases[i].by);
    if (parts_add(parts, moments, 5) != cases[i].accepted) fail_msg("case %zu", i);
    if (parts_is_ordered(moments, 5) != cases[i].accepted) fail_msg("order of case %zu", i);
    parts_free(parts);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_part_is_from_its_moment_to_the_next),
      cmocka_unit_test(the_means_of_the_parts_add_up_to_the_mean_round_trip),
      cmocka_unit_test(moments_out_of_order_are_refused_and_not_counted),
      cmocka_unit_test(kernel_moments_may_be_wrong_by_the_clocks_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
