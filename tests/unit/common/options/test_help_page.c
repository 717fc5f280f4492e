/* The short help: the marked options with their short words, and no others. */
#include "common/options/help_page.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static const struct option_row rows[] = {
    {"size", 's', OPTION_SIZE, 0, "SIZE", 1, 0, NULL, OPTION_BRIEF("bytes of a message") " (default 64)"},
    {"seed", 0, OPTION_COUNT, 0, "N", 0, 0, NULL, "of the pattern"},
    {"quiet", 0, OPTION_FLAG, 0, NULL, 0, 0, NULL, OPTION_BRIEF("say less")},
};

static void the_short_help_is_what_is_marked(void **state) {
  (void)state;
  char out[HELP_PAGE_SIZE];
  const struct help_page page = {
      .head = "usage: tool\n",
      .examples = {{"tool", "all of it"}, {"tool -s 1KiB", "larger"}},
      .rows = rows,
      .row_count = COUNT_OF(rows),
      .arguments = "TARGET: any.\n",
      .after = "more: tool --help-all\n",
  };
  assert_string_equal(help_page_write(&page, 80, out),
                      "usage: tool\n\n"
                      "  tool                                  all of it\n"
                      "  tool -s 1KiB                          larger\n\n"
                      "  -s, --size SIZE         bytes of a message\n"
                      "      --quiet             say less\n\n"
                      "TARGET: any.\nmore: tool --help-all\n");
}

static void without_marks_and_arguments_there_is_no_gap(void **state) {
  (void)state;
  char out[HELP_PAGE_SIZE];
  const struct help_page page = {.head = "a\n", .examples = {{"b", "c"}, {"d", "e"}}, .after = "f\n"};
  assert_non_null(strstr(help_page_write(&page, 80, out), "e\n\nf\n"));
}

static void the_full_help_has_the_words_without_the_mark(void **state) {
  (void)state;
  char out[OPTIONS_PROBLEM_SIZE];
  assert_string_equal(options_help_words(&rows[0], out), "bytes of a message (default 64)");
  assert_string_equal(options_help_words(&rows[1], out), "of the pattern");
  assert_string_equal(options_help_words(&rows[2], out), "say less");
  assert_string_equal(options_format_help(&rows[0], 80, out),
                      "  -s, --size SIZE                bytes of a message (default 64)\n");
  assert_true(options_is_brief(&rows[0]) && !options_is_brief(&rows[1]) && options_is_brief(&rows[2]));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_short_help_is_what_is_marked),
      cmocka_unit_test(without_marks_and_arguments_there_is_no_gap),
      cmocka_unit_test(the_full_help_has_the_words_without_the_mark),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
