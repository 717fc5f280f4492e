/* What charts show of a result's JSON. */
#include "client/publish/points.h"

#include <math.h>

#include "tests/unit/unit_test.h"

static json_t *read(const char *text) {
  json_t *run = json_loads(text, 0, NULL);
  assert_non_null(run);
  return run;
}

static double sum_of(const struct chart_series *series) {
  double sum = 0;
  for (size_t i = 0; i < series->count; i++)
    sum += series->points[i].y;
  return sum;
}

static void every_round_trip_stands_in_a_column(void **state) {
  (void)state;
  static struct chart_series series;
  json_t *run = read("{\"histogram\":[[1000,50],[1010,30],[2000,19],[900000,1]]}");
  points_of_whole_distribution(run, &series);
  assert_true(fabs(sum_of(&series) - 100) < 1e-9);
  /* The usual ones end at p99: the slowest is beyond. */
  points_of_distribution(run, &series);
  assert_true(fabs(sum_of(&series) - 99) < 1e-9);
  json_decref(run);
}

static void a_percentile_is_what_the_share_took_at_most(void **state) {
  (void)state;
  static struct chart_series series;
  json_t *run = read("{\"histogram\":[[1000,90],[2000,9],[3000,1]]}");
  points_of_percentiles(run, "histogram", &series);
  assert_int_equal(series.count, 3);
  assert_true(series.points[0].x == 0 && series.points[0].y == 1000);
  assert_true(fabs(series.points[1].x - 90) < 1e-9 && series.points[1].y == 2000);
  assert_true(fabs(series.points[2].x - 99) < 1e-9 && series.points[2].y == 3000);
  json_decref(run);
}

static void a_long_run_shows_its_highest_latency_and_its_lowest_rate(void **state) {
  (void)state;
  static struct chart_series series;
  json_t *run = json_object(), *slices = json_array();
  for (int i = 0; i < 1000; i++)
    json_array_append_new(
        slices, json_pack("{s:I, s:i, s:i, s:i}", "start_ns", (json_int_t)i * 1000000000, "duration_ns", 1000000000,
                          "rtt_p99_ns", i == 501 ? 77 : 5, "round_trips", i == 501 ? 1 : 9));
  json_object_set_new(run, "intervals", slices);
  points_over_time(run, POINTS_P99, &series);
  assert_in_range(series.count, 2, CHART_POINTS_MAX);
  double most = 0, least = INFINITY;
  for (size_t i = 0; i < series.count; i++)
    most = fmax(most, series.points[i].y);
  points_over_time(run, POINTS_ROUND_TRIPS, &series);
  for (size_t i = 0; i < series.count; i++)
    least = fmin(least, series.points[i].y);
  assert_true(most == 77 && least == 1);
  json_decref(run);
}

static void parts_are_those_of_the_anatomy_or_the_legs(void **state) {
  (void)state;
  struct waterfall waterfall;
  json_t *run = read(
      "{\"legs_ns\":{\"there\":{\"mean\":10},\"server\":{\"mean\":1},\"back\":{\"mean\":9}},"
      "\"anatomy_ns\":{\"server_wakeup\":{\"mean\":4}}}");
  points_of_parts(run, &waterfall);
  assert_int_equal(waterfall.count, 1);
  json_object_del(run, "anatomy_ns");
  points_of_parts(run, &waterfall);
  assert_int_equal(waterfall.count, 3);
  assert_true(waterfall.parts[0].duration_ns == 10 && waterfall.parts[2].duration_ns == 9);
  json_decref(run);
}

static void rubbish_gives_no_points(void **state) {
  (void)state;
  static const char *const rubbish[] = {
      "{}",
      "{\"histogram\":7,\"intervals\":\"x\"}",
      "{\"histogram\":[1,[],[\"a\",2],[5,-1],[5,0],[1e300,4]]}",
      "{\"histogram\":{},\"intervals\":[null,3,{\"start_ns\":-1,\"rtt_p99_ns\":1},{\"duration_ns\":0}]}",
  };
  static struct chart_series series;
  for (size_t i = 0; i < COUNT_OF(rubbish); i++) {
    json_t *run = read(rubbish[i]);
    points_of_distribution(run, &series);
    assert_int_equal(series.count, 0);
    points_of_whole_distribution(run, &series);
    assert_int_equal(series.count, 0);
    points_of_percentiles(run, "histogram", &series);
    assert_int_equal(series.count, 0);
    points_over_time(run, POINTS_P99, &series);
    assert_int_equal(series.count, 0);
    json_decref(run);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_round_trip_stands_in_a_column),
      cmocka_unit_test(a_percentile_is_what_the_share_took_at_most),
      cmocka_unit_test(a_long_run_shows_its_highest_latency_and_its_lowest_rate),
      cmocka_unit_test(parts_are_those_of_the_anatomy_or_the_legs),
      cmocka_unit_test(rubbish_gives_no_points),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
