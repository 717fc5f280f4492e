/* The table of labs and their sheets, and what an answer is worth. */
#include "client/lab/labs.h"

#include <stdlib.h>
#include <string.h>

#include "client/lab/reveal.h"
#include "client/lab/sheet.h"
#include "tests/unit/unit_test.h"

static const char *const sections[] = {"Goal", "Predict", "Do", SHEET_SEEN, "Why", "Question", "Answer", SHEET_MADE};

static void each_row_has_its_sheet_and_each_sheet_its_row(void **state) {
  (void)state;
  assert_int_equal(lab_count, lab_sheet_count);
  for (size_t i = 0; i < lab_count; i++) {
    assert_non_null(sheet_lines(lab_rows[i].name));
    assert_ptr_equal(lab_find(lab_rows[i].name), &lab_rows[i]);
    assert_ptr_equal(lab_of_code(lab_code(&lab_rows[i])), &lab_rows[i]);
  }
  assert_null(lab_find("nothing"));
  assert_null(sheet_lines("nothing"));
  assert_null(lab_of_code(0));
}

static void each_sheet_has_all_sections_in_their_order(void **state) {
  (void)state;
  for (size_t i = 0; i < lab_sheet_count; i++) {
    size_t at = 0;
    for (const char *const *line = lab_sheets[i].lines; *line != NULL; line++) {
      if (strncmp(*line, "## ", 3) != 0) continue;
      assert_true(at < sizeof sections / sizeof sections[0]);
      assert_memory_equal(*line + 3, sections[at], strlen(sections[at]));
      at++;
    }
    assert_int_equal(at, sizeof sections / sizeof sections[0]);
  }
}

static char *written(void (*write)(const char *const *lines, const char *section, FILE *out), const char *const *lines,
                     const char *section) {
  char *text = NULL;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  assert_non_null(out);
  write(lines, section, out);
  fclose(out);
  return text;
}

static void parts_of_a_sheet_are_found(void **state) {
  static const char *const lines[] = {"# title\n", "\n",       "## Do\n", "text\n", "```sh\n", "one\n", "## two\n",
                                      "```\n",     "## Why\n", "so\n",    "```\n",  "three\n", "```\n", NULL};
  static const struct {
    void (*write)(const char *const *lines, const char *section, FILE *out);
    const char *section, *text;
  } rows[] = {
      {sheet_write_section, "Why", "so\n```\nthree\n```\n"},
      {sheet_write_section, "None", ""},
      {sheet_write_commands, "Do", "one\n## two\n"},
      {sheet_write_commands, "Why", "three\n"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char *text = written(rows[i].write, lines, rows[i].section);
    assert_string_equal(text, rows[i].text);
    free(text);
  }
}

static void paragraphs_are_laid_out_and_commands_are_not(void **state) {
  static const char *const lines[] = {"# title\n",
                                      "\n",
                                      "Some words that\n",
                                      "go on and on and on here.\n",
                                      "```sh\n",
                                      "a command that is longer than the columns of the page are\n",
                                      "```\n",
                                      "\n",
                                      "End\n",
                                      "## Why\n",
                                      "so\n",
                                      NULL};
  static const struct {
    size_t columns;
    const char *section, *text;
  } rows[] = {
      {40, "Why",
       "# title\n\nSome words that go on and on and on\nhere.\n```sh\na command that is longer than the columns of the "
       "page are\n```\n\nEnd\n"},
      {80, "None",
       "# title\n\nSome words that go on and on and on here.\n```sh\na command that is longer than the columns of the "
       "page are\n```\n\nEnd\n## Why\nso\n"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    sheet_show_until(lines, rows[i].section, rows[i].columns, out);
    fclose(out);
    assert_string_equal(text, rows[i].text);
    free(text);
  }
}

static void answers_are_judged(void **state) {
  static const struct {
    const char *lab, *typed;
    enum lab_judgement judgement;
  } rows[] = {
      {"blocked", "blocked", LAB_RIGHT},
      {"blocked", "BLOCKED", LAB_RIGHT},
      {"blocked-out", "blocked out", LAB_RIGHT},
      {"blocked", "blocked-out", LAB_WRONG},
      {"blocked", "", LAB_NO_ANSWER},
      {"blocked", "a firewall", LAB_NO_ANSWER},
      {"nagle", "TCP_NODELAY", LAB_RIGHT},
      {"nagle", "SO_REUSEADDR", LAB_WRONG},
      {"address-in-use", "The Client", LAB_RIGHT},
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_int_equal(lab_judge(lab_find(rows[i].lab), 0, rows[i].typed), rows[i].judgement);
}

static void a_share_is_right_within_one_percent_point(void **state) {
  static const struct lab lab = {.name = "share", .kind = LAB_LESSON_OF_SHARE};
  static const struct {
    const char *typed;
    enum lab_judgement judgement;
  } rows[] = {
      {"7.5", LAB_RIGHT},  {"6.5", LAB_RIGHT},        {"8.5 %", LAB_RIGHT},
      {"6.4", LAB_WRONG},  {"8.6%", LAB_WRONG},       {"seven", LAB_NO_ANSWER},
      {"", LAB_NO_ANSWER}, {"7 of 9", LAB_NO_ANSWER}, {"nan", LAB_NO_ANSWER},
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_int_equal(lab_judge(&lab, 7.5, rows[i].typed), rows[i].judgement);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_row_has_its_sheet_and_each_sheet_its_row),
      cmocka_unit_test(each_sheet_has_all_sections_in_their_order),
      cmocka_unit_test(parts_of_a_sheet_are_found),
      cmocka_unit_test(paragraphs_are_laid_out_and_commands_are_not),
      cmocka_unit_test(answers_are_judged),
      cmocka_unit_test(a_share_is_right_within_one_percent_point),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
