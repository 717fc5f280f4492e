/* Options that take several files, as getopt_long() then sees them. */
#include "client/compare/arguments.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit_test.h"

#define WORDS_MAX 16

struct settings {
  struct option_list base;
  const char *json;
  bool is_quiet;
};

static const struct option_row rows[] = {
    {"base", 'b', OPTION_LIST, offsetof(struct settings, base), "FILE...", 0, 0, NULL, ""},
    {"json", 'j', OPTION_TEXT, offsetof(struct settings, json), "FILE", 0, 0, NULL, ""},
    {"quiet", 'q', OPTION_FLAG, offsetof(struct settings, is_quiet), NULL, 0, 0, NULL, ""},
};

static void expect_spread(const char *typed, const char *wanted) {
  char text[256], got[512] = "", *argv[WORDS_MAX], *out[2 * WORDS_MAX + 1];
  int argc = 0;
  snprintf(text, sizeof text, "compare %s", typed);
  for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
    argv[argc++] = word;
  int count = compare_spread_lists(rows, COUNT_OF(rows), argc, argv, out);
  assert_null(out[count]);
  for (int i = 1; i < count; i++) {
    strcat(got, i > 1 ? " " : "");
    strcat(got, out[i]);
  }
  assert_string_equal(got, wanted);
}

static void words_behind_a_list_belong_to_it(void **state) {
  (void)state;
  expect_spread("--base a1 a2 a3", "--base a1 --base a2 --base a3");
  expect_spread("--base a1 --base a2", "--base a1 --base a2");
  expect_spread("-b a1 a2", "-b a1 -b a2");
  expect_spread("--ba a1 a2", "--ba a1 --ba a2");
  expect_spread("--base a1 a2 --json f -", "--base a1 --base a2 --json f -");
}

static void words_behind_anything_else_do_not(void **state) {
  (void)state;
  expect_spread("", "");
  expect_spread("a b --json f c", "a b --json f c");
  expect_spread("--base a --quiet b", "--base a --quiet b");
  expect_spread("--base a --json=f b", "--base a --json=f b");
  expect_spread("--base a -q b", "--base a -q b");
  expect_spread("--base a -jf b", "--base a -jf b");
  expect_spread("--base a -- --quiet b", "--base a -- --quiet b");
  expect_spread("--base a --nothing b", "--base a --nothing b");
}

static void a_missing_value_is_left_to_the_parser(void **state) {
  (void)state;
  expect_spread("--base", "--base");
  expect_spread("--base a --json", "--base a --json");
  expect_spread("--", "--");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_behind_a_list_belong_to_it),
      cmocka_unit_test(words_behind_anything_else_do_not),
      cmocka_unit_test(a_missing_value_is_left_to_the_parser),
  };
  return cmocka_run_group_tests_name("compare_arguments", tests, NULL, NULL);
}
