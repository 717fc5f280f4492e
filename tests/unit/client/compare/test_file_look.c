/* Rubbish is known by a small part of it; what loping writes passes, whole or byte by byte. */
#include "client/compare/file_look.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit_test.h"

/* Feeds the piece again and again, and returns what comes of it; *fed are the bytes that it took. */
static enum file_look_finding feed_often(const char *first, const char *piece, size_t *fed) {
  struct file_look look = {0};
  enum file_look_finding finding = file_look_feed(&look, first, strlen(first));
  for (*fed = strlen(first); finding == FILE_LOOK_FINE; *fed += strlen(piece))
    finding = file_look_feed(&look, piece, strlen(piece));
  return finding;
}

static void rubbish_is_known_before_it_is_built(void **state) {
  (void)state;
  static const struct {
    const char *first, *piece;
    enum file_look_finding finding;
    size_t fed_max;
  } cases[] = {
      {"", "a", FILE_LOOK_NO_OBJECT, 8},
      {"[", "1", FILE_LOOK_NO_OBJECT, 8},
      {"{", "a", FILE_LOOK_NO_OBJECT, 80},
      {"{", "{", FILE_LOOK_TOO_DEEP, 32},
      {"{\"runs\":[", "[],", FILE_LOOK_TOO_MANY_GROUPS, 1 << 20},
      {"{\"a\":[", "1,", FILE_LOOK_TOO_MANY_VALUES, 5 << 20},
      {"{\"a\":\"", "\\\"abcdefghijklmnopqrstuvwxyz", FILE_LOOK_TOO_MUCH_TEXT, 25 << 20},
      {"", "                                                                ", FILE_LOOK_TOO_LARGE, 65 << 20},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    size_t fed;
    enum file_look_finding finding = feed_often(cases[i].first, cases[i].piece, &fed);
    assert_int_equal(finding, cases[i].finding);
    assert_true(fed <= cases[i].fed_max);
    assert_true(strlen(file_look_text(finding)) > 0);
  }
}

static void what_loping_wrote_passes(void **state) {
  (void)state;
  static const char *const paths[] = {"tests/golden/ping_oldest.json", "tests/golden/open_loop_udp.json",
                                      "tests/golden/connect.json"};
  for (size_t i = 0; i < COUNT_OF(paths); i++) {
    struct file_look look = {0};
    FILE *file = fopen(paths[i], "rb");
    assert_non_null(file);
    for (int byte; (byte = fgetc(file)) != EOF;) {
      char one = (char)byte;
      assert_int_equal(file_look_feed(&look, &one, 1), FILE_LOOK_FINE);
    }
    fclose(file);
    assert_int_equal(look.depth, 0);
    assert_true(look.groups > 0 && look.values > 0 && look.text_bytes > 0);
  }
}

static void braces_within_a_text_are_text(void **state) {
  (void)state;
  static const char bytes[] = "{\"{{[[\\\"{\": \"\\\\\", \"b\": 1}";
  struct file_look look = {0};
  assert_int_equal(file_look_feed(&look, bytes, sizeof bytes - 1), FILE_LOOK_FINE);
  assert_int_equal(look.depth, 0);
  assert_int_equal(look.groups, 1);
  assert_int_equal(look.values, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rubbish_is_known_before_it_is_built),
      cmocka_unit_test(what_loping_wrote_passes),
      cmocka_unit_test(braces_within_a_text_are_text),
  };
  return cmocka_run_group_tests_name("compare_file_look", tests, NULL, NULL);
}
