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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_break_at_blanks),
      cmocka_unit_test(text_goes_on_where_the_last_one_ended),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
