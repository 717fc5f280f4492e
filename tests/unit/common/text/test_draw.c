/* What is drawn for which figure, in Unicode and in ASCII. */
#include "common/text/draw.h"

#include "tests/unit/unit_test.h"

static char out[DRAW_TEXT_SIZE];

static void bars_are_an_eighth_fine_and_never_nothing_for_something(void **state) {
  static const struct {
    double share;
    size_t columns;
    const char *unicode, *ascii;
  } cases[] = {
      {0, 4, "    ", "    "},
      {-1, 4, "    ", "    "},
      {1, 4, "████", "####"},
      {7, 4, "████", "####"},
      {0.5, 4, "██  ", "##  "},
      {0.5, 3, "█▌ ", "## "},
      {1.0 / 32, 4, "▏   ", "#   "},
      {0.000001, 4, "▏   ", "#   "},
      {0.34375, 4, "█▍  ", "#   "},
      {31.0 / 32, 4, "███▉", "####"},
      {1, 0, "", ""},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    assert_string_equal(draw_bar(DRAW_UNICODE, cases[i].share, cases[i].columns, out), cases[i].unicode);
    assert_string_equal(draw_bar(DRAW_ASCII, cases[i].share, cases[i].columns, out), cases[i].ascii);
  }
}

static void a_span_stands_where_its_part_is(void **state) {
  static const struct {
    double from, to;
    const char *unicode, *ascii;
  } cases[] = {
      {0, 1, "████", "####"},     {0, 0.5, "██  ", "##  "},  {0.5, 1, "  ██", "  ##"}, {0.25, 0.375, " ▌  ", " #  "},
      {0.5, 0.5, "    ", "    "}, {0.99, 1, "   █", "   #"}, {1, 1.1, "   █", "   #"}, {0.5, 0.501, "  ▏ ", "  # "},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    assert_string_equal(draw_span(DRAW_UNICODE, cases[i].from, cases[i].to, 4, out), cases[i].unicode);
    assert_string_equal(draw_span(DRAW_ASCII, cases[i].from, cases[i].to, 4, out), cases[i].ascii);
  }
}

static void progress_shows_what_is_left(void **state) {
  static const struct {
    double share;
    const char *unicode, *ascii;
  } cases[] = {
      {0, "────────", "[......]"},      {1, "━━━━━━━━", "[======]"},   {0.5, "━━━━────", "[===...]"},
      {0.0625, "╸───────", "[......]"}, {0.1, "╸───────", "[>.....]"}, {0.99, "━━━━━━━╸", "[=====>]"},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    assert_string_equal(draw_progress(DRAW_UNICODE, cases[i].share, 8, out), cases[i].unicode);
    assert_string_equal(draw_progress(DRAW_ASCII, cases[i].share, 8, out), cases[i].ascii);
  }
  assert_string_equal(draw_progress(DRAW_ASCII, 1, 2, out), "");
}

static void a_sparkline_has_a_character_for_each_value(void **state) {
  static const double rising[] = {0, 1, 2, 3, 4, 5, 6, 7}, gaps[] = {7, DRAW_GAP, 0}, alike[] = {3, 3};
  (void)state;
  assert_string_equal(draw_sparkline(DRAW_UNICODE, rising, 8, 0, 7, out), "▁▂▃▄▅▆▇█");
  assert_string_equal(draw_sparkline(DRAW_ASCII, rising, 8, 0, 7, out), "_.:-=+*#");
  assert_string_equal(draw_sparkline(DRAW_UNICODE, gaps, 3, 0, 7, out), "█ ▁");
  assert_string_equal(draw_sparkline(DRAW_ASCII, gaps, 3, 0, 7, out), "# _");
  assert_string_equal(draw_sparkline(DRAW_UNICODE, alike, 2, 3, 3, out), "▁▁");
  assert_string_equal(draw_sparkline(DRAW_UNICODE, gaps, 0, 0, 7, out), "");
}

static void the_rows_of_a_chart_stand_on_each_other(void **state) {
  static const double shares[] = {0, 0.0001, 0.25, 0.5, 0.75, 1};
  (void)state;
  assert_string_equal(draw_chart_row(DRAW_UNICODE, shares, 6, 2, 0, out), "    ▄█");
  assert_string_equal(draw_chart_row(DRAW_UNICODE, shares, 6, 2, 1, out), " ▁▄███");
  assert_string_equal(draw_chart_row(DRAW_ASCII, shares, 6, 2, 0, out), "    :#");
  assert_string_equal(draw_chart_row(DRAW_ASCII, shares, 6, 2, 1, out), " .:###");
}

static void an_axis_has_its_ticks(void **state) {
  static const size_t ticks[] = {0, 3};
  (void)state;
  assert_string_equal(draw_axis(DRAW_UNICODE, ticks, 2, 5, out), "┬──┬─");
  assert_string_equal(draw_axis(DRAW_ASCII, ticks, 2, 5, out), "+--+-");
  assert_string_equal(draw_axis(DRAW_ASCII, ticks, 0, 5, out), "-----");
}

static void nothing_is_wider_than_its_room(void **state) {
  double many[DRAW_COLUMNS_MAX + 50];
  (void)state;
  for (size_t i = 0; i < COUNT_OF(many); i++)
    many[i] = 1;
  assert_int_equal(DRAW_COLUMNS_MAX, draw_columns(draw_bar(DRAW_UNICODE, 1, 1000, out)));
  assert_int_equal(DRAW_COLUMNS_MAX, draw_columns(draw_progress(DRAW_UNICODE, 1, 1000, out)));
  assert_int_equal(DRAW_COLUMNS_MAX, draw_columns(draw_sparkline(DRAW_UNICODE, many, COUNT_OF(many), 0, 1, out)));
  assert_int_equal(DRAW_COLUMNS_MAX, draw_columns(draw_chart_row(DRAW_UNICODE, many, COUNT_OF(many), 1, 0, out)));
  assert_int_equal(DRAW_COLUMNS_MAX, draw_columns(draw_axis(DRAW_UNICODE, NULL, 0, 1000, out)));
}

static void shares_are_linear_or_logarithmic(void **state) {
  (void)state;
  assert_float_equal(draw_share(5, 0, 10, false), 0.5, 1e-9);
  assert_float_equal(draw_share(10, 1, 100, true), 0.5, 1e-9);
  assert_float_equal(draw_share(0, 1, 100, true), 0, 1e-9);
  assert_float_equal(draw_share(200, 1, 100, true), 1, 1e-9);
  assert_float_equal(draw_share(3, 3, 3, true), 0, 1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bars_are_an_eighth_fine_and_never_nothing_for_something),
      cmocka_unit_test(a_span_stands_where_its_part_is),
      cmocka_unit_test(progress_shows_what_is_left),
      cmocka_unit_test(a_sparkline_has_a_character_for_each_value),
      cmocka_unit_test(the_rows_of_a_chart_stand_on_each_other),
      cmocka_unit_test(an_axis_has_its_ticks),
      cmocka_unit_test(nothing_is_wider_than_its_room),
      cmocka_unit_test(shares_are_linear_or_logarithmic),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
