/* Lines broken at blanks: never inside a word, never wider than asked for where a blank allows it. */
#include "common/text/wrap.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static char out[512];

static void put(void *owner, const char *bytes, size_t length) {
  (void)owner;
  strncat(out, bytes, length);
}

static const char *wrapped(size_t columns, size_t indent, size_t column, const char *text) {
  struct wrap wrap = {.columns = columns, .indent = indent, .column = column, .put = put};
  out[0] = '\0';
  wrap_write(&wrap, text);
  return out;
}

static void lines_break_at_blanks(void **state) {
  static const struct {
    size_t columns, indent, column;
    const char *text, *lines;
  } cases[] = {
      {10, 0, 0, "", ""},
      {10, 0, 0, "one two", "one two"},
      {10, 0, 0, "one two three", "one two\nthree"},
      {7, 0, 0, "one two", "one two"},
      {6, 0, 0, "one two", "one\ntwo"},
      {10, 2, 4, "one two three", "one\n  two\n  three"},
      {5, 0, 0, "a-long-word b", "a-long-word\nb"},
      {20, 1, 0, "one\ntwo", "one\n two"},
      {20, 0, 0, "one  two", "one two"},
      {8, 0, 0, "gr\xc3\xbc\xc3\x9f dich", "gr\xc3\xbc\xc3\x9f\ndich"},
      {9, 0, 0, "gr\xc3\xbc\xc3\x9f dich", "gr\xc3\xbc\xc3\x9f dich"},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_string_equal(wrapped(cases[i].columns, cases[i].indent, cases[i].column, cases[i].text), cases[i].lines);
}

static void text_goes_on_where_the_last_one_ended(void **state) {
  struct wrap wrap = {.columns = 8, .put = put};
  (void)state;
  out[0] = '\0';
  wrap_write(&wrap, "one");
  wrap_write(&wrap, "two");
  wrap_write(&wrap, "three");
  assert_string_equal(out, "one two\nthree");
}

static void a_line_is_cut_at_a_whole_character_and_keeps_its_dress(void **state) {
  static const struct {
    const char *text;
    size_t columns, bytes;
  } cases[] = {
      {"", 5, 0},
      {"abc", 5, 3},
      {"abcdef", 5, 5},
      {"abcdef", 0, 0},
      {"\xe2\x96\x88\xe2\x96\x88", 1, 3},
      {"\x1b[1mab\x1b[0m", 2, 10},
      {"\x1b[1mab", 1, 5},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_int_equal(cases[i].bytes, wrap_cut(cases[i].text, cases[i].columns));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_break_at_blanks),
      cmocka_unit_test(text_goes_on_where_the_last_one_ended),
      cmocka_unit_test(a_line_is_cut_at_a_whole_character_and_keeps_its_dress),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
