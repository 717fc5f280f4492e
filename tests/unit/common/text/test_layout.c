/* Laying out lines: within the columns, figures with their units, commands whole. */
#include "common/text/layout.h"

#include <string.h>

#include "common/text/terminal.h"
#include "common/text/wrap.h"
#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

#define OUT_SIZE 4096

static void put(void *owner, const char *bytes, size_t length) {
  char *out = owner;
  size_t used = strlen(out);
  assert_in_range(used + length, 0, OUT_SIZE - 1);
  memcpy(out + used, bytes, length);
  out[used + length] = '\0';
}

static void expect_layout(const char *text, size_t columns, const char *wanted) {
  char out[OUT_SIZE] = "";
  layout_text(guard_page_place_string(text), columns, put, out);
  assert_string_equal(out, wanted);
}

static void what_fits_stays_as_it_is(void **state) {
  (void)state;
  expect_layout("one  two\n\n  three\n", 40, "one  two\n\n  three\n");
  expect_layout("no end", 40, "no end\n");
}

static void a_long_line_goes_on_under_its_beginning(void **state) {
  (void)state;
  expect_layout("loping: some words that do not fit\n", 20, "loping: some words\n  that do not fit\n");
  expect_layout("  some words that do not fit in\n", 20, "  some words that do\n  not fit in\n");
  expect_layout("  - some words that do not fit\n", 20, "  - some words that\n    do not fit\n");
  expect_layout("note: some words that do not fit\n", 20, "note: some words\n      that do not\n      fit\n");
}

static void dress_takes_no_columns(void **state) {
  (void)state;
  expect_layout("\x1b[1mnote:\x1b[0m some words that do not fit\n", 20,
                "\x1b[1mnote:\x1b[0m some words\n      that do not\n      fit\n");
  expect_layout("\x1b[0m  two columns in and far too long\n", 20, "\x1b[0m  two columns in and\n  far too long\n");
}

static void a_figure_stays_with_its_unit(void **state) {
  (void)state;
  expect_layout("it took all of the 12.3 us, and more\n", 23, "it took all of the\n  12.3 us, and more\n");
  expect_layout("in more than about 98.5 % of all cases\n", 24, "in more than about\n  98.5 % of all cases\n");
  /* A unit is one only behind a figure. */
  expect_layout("the letters B and s are words here too\n", 13, "the letters B\n  and s are\n  words here\n  too\n");
}

static void a_command_stays_whole_on_a_line_of_its_own(void **state) {
  (void)state;
  expect_layout("What to do:\n  - see it yourself: ss -ltnp 'sport = :7104'   or   lsof -nP -iTCP:7104\n", 30,
                "What to do:\n  - see it yourself:\n    ss -ltnp 'sport = :7104'\n    or\n    lsof -nP -iTCP:7104\n");
  expect_layout("What to do:\n  - bring it up: sudo ip link set lo up, and much more of it\n", 30,
                "What to do:\n  - bring it up:\n    sudo ip link set lo up, and much more of it\n");
  expect_layout("What to do:\n  - wait a second: it comes back by itself\n", 30,
                "What to do:\n  - wait a second: it comes\n    back by itself\n");
}

/* The same words are prose where they are no step. */
static void evidence_is_no_command(void **state) {
  (void)state;
  expect_layout("Evidence:\n  - a program was found: loping check says so\n", 31,
                "Evidence:\n  - a program was found: loping\n    check says so\n");
}

static void a_word_beyond_the_columns_has_a_line_of_its_own(void **state) {
  (void)state;
  expect_layout("see /a/path/that/is/longer/than/a/line now\n", 20,
                "see\n  /a/path/that/is/longer/than/a/line\n  now\n");
}

static void columns_are_those_of_the_terminal(void **state) {
  (void)state;
  terminal_know_characters();
  if (terminal_character_columns(0x6f22) != 2) skip();
  assert_int_equal(wrap_columns("a\xc3\xa4", 3), 2);                /* a, a with diaeresis */
  assert_int_equal(wrap_columns("a\xcc\x88", 3), 1);                /* the same, as a combining character */
  assert_int_equal(wrap_columns("\xe6\xbc\xa2\xe5\xad\x97", 6), 4); /* two wide ones */
  assert_int_equal(wrap_columns("\xff\xfe", 2), 2);                 /* no UTF-8 */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_fits_stays_as_it_is),
      cmocka_unit_test(a_long_line_goes_on_under_its_beginning),
      cmocka_unit_test(dress_takes_no_columns),
      cmocka_unit_test(a_figure_stays_with_its_unit),
      cmocka_unit_test(a_command_stays_whole_on_a_line_of_its_own),
      cmocka_unit_test(evidence_is_no_command),
      cmocka_unit_test(a_word_beyond_the_columns_has_a_line_of_its_own),
      cmocka_unit_test(columns_are_those_of_the_terminal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
