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

struct long_text {
  char *text;
  size_t size;
};

static void put_long(void *owner, const char *bytes, size_t length) {
  struct long_text *out = owner;
  size_t used = strlen(out->text);
  assert_in_range(used + length, 0, out->size - 1);
  memcpy(out->text + used, bytes, length);
  out->text[used + length] = '\0';
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

static void what_harms_a_terminal_is_escaped_whoever_missed_it(void **state) {
  char wide[5000], out[2 * sizeof wide] = "";
  (void)state;
  expect_layout(
      "a\x1b]0;t\x07"
      "b\r\t\x7f\n",
      80, "a\\x1b]0;t\\x07b\\r\\t\\x7f\n");
  expect_layout("C1 \xc2\x9b, bidi \xe2\x80\xae \xd8\x9c, hidden \xe2\x80\x8b, no UTF-8 \xff \xc3\n", 80,
                "C1 \\xc2\\x9b, bidi \\xe2\\x80\\xae \\xd8\\x9c, hidden \\xe2\\x80\\x8b, no UTF-8 \\xff \\xc3\n");
  /* A colour that is none of ours, and one that is. */
  expect_layout("\x1b[5mx\x1b[0m\n", 80, "\\x1b[5mx\x1b[0m\n");
  expect_layout("loping: some words \x1b[2J that do not fit\n", 20,
                "loping: some words\n  \\x1b[2J that do not\n  fit\n");
  /* What was escaped already, and what is no harm. */
  expect_layout("a\\x1b\\\\ \xc3\xa4 \xe6\xbc\xa2\n", 80, "a\\x1b\\\\ \xc3\xa4 \xe6\xbc\xa2\n");
  /* Beyond the room of a line. */
  memset(wide, 'x', sizeof wide - 1);
  wide[4500] = '\x1b';
  wide[sizeof wide - 1] = '\0';
  struct long_text all = {out, sizeof out};
  layout_text(wide, 80, put_long, &all);
  assert_int_equal(strlen(out), sizeof wide - 1 + strlen("\\x1b"));
  assert_null(strchr(out, '\x1b'));
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
      cmocka_unit_test(what_harms_a_terminal_is_escaped_whoever_missed_it),
      cmocka_unit_test(columns_are_those_of_the_terminal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
