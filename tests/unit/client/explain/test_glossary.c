/* The tables of words: whole, without doubles, and found by what people type. */
#include "client/explain/glossary.h"

#include <string.h>
#include <uv.h>

#include "common/explain/error_words.h"
#include "tests/unit/unit_test.h"

static void every_row_is_whole(void **state) {
  (void)state;
  for (int kind = 0; kind < EXPLAIN_WORD_KINDS; kind++) {
    const struct explain_word_table *table = explain_word_table((enum explain_word_kind)kind);
    for (size_t i = 0; i < table->count; i++) {
      const struct explain_word *word = &table->words[i];
      char system_words[128];
      const char *summary = kind == EXPLAIN_WORD_ERROR
                                ? explain_code_summary(word->code, system_words, sizeof system_words)
                                : word->summary;
      size_t length = strlen(word->text);
      if (summary == system_words || summary[0] == '\0') fail_msg("%s has no summary", word->name);
      /* A failure's first sentence keeps 64 bytes of it. */
      if (strlen(summary) > 64) fail_msg("the summary of %s is longer than 64 bytes", word->name);
      if (length == 0 || word->text[length - 1] != '.') fail_msg("the text of %s is no sentence", word->name);
      if (strstr(word->text, "  ") != NULL) fail_msg("the text of %s has two blanks", word->name);
      if (kind == EXPLAIN_WORD_ERROR && word->code >= 0) fail_msg("%s has no code", word->name);
      if (word->others != NULL && (word->others[0] != '|' || word->others[strlen(word->others) - 1] != '|'))
        fail_msg("the other names of %s do not stand between bars", word->name);
    }
  }
}

/* A name that another row has would hide this row. */
static void every_name_finds_its_own_row(void **state) {
  (void)state;
  for (int kind = 0; kind < EXPLAIN_WORD_KINDS; kind++) {
    const struct explain_word_table *table = explain_word_table((enum explain_word_kind)kind);
    for (size_t i = 0; i < table->count; i++) {
      const struct explain_word *word = &table->words[i];
      enum explain_word_kind found_kind;
      if (explain_word_find(word->name, &found_kind) != word) fail_msg("%s is hidden by another row", word->name);
      for (const char *other = word->others; other != NULL && other[1] != '\0';) {
        char name[64];
        size_t length = strcspn(other + 1, "|");
        assert_true(length < sizeof name);
        memcpy(name, other + 1, length);
        name[length] = '\0';
        if (explain_word_find(name, &found_kind) != word) fail_msg("'%s' does not find %s", name, word->name);
        other += 1 + length;
      }
    }
  }
}

static void codes_have_the_name_that_the_system_gives_them(void **state) {
  (void)state;
  for (size_t i = 0; i < explain_word_errors.count; i++) {
    const struct explain_word *word = &explain_word_errors.words[i];
    char name[64];
    assert_ptr_equal(explain_word_of_code(word->code), word);
    uv_err_name_r(word->code, name, sizeof name);
    /* libuv has no name for EINPROGRESS. */
    if (strcmp(name, word->name) != 0 && strncmp(name, "Unknown", 7) != 0)
      fail_msg("%s has the code of %s", word->name, name);
  }
  assert_null(explain_word_of_code(0));
}

static void words_are_found_however_they_are_written(void **state) {
  (void)state;
  static const struct {
    const char *typed, *name;
  } cases[] = {
      {"econnrefused", "ECONNREFUSED"},
      {"Connection Refused", "ECONNREFUSED"},
      {"time-wait", "TIME_WAIT"},
      {"time_wait", "TIME_WAIT"},
      {"queue full", "queue-full"},
      {"P99", "p99"},
      {"Round Trip", "rtt"},
      {"ewouldblock", "EAGAIN"},
      {"filtered", "blocked"},
  };
  enum explain_word_kind kind;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const struct explain_word *word = explain_word_find(cases[i].typed, &kind);
    if (word == NULL || strcmp(word->name, cases[i].name) != 0)
      fail_msg("'%s': wanted %s, got %s", cases[i].typed, cases[i].name, word == NULL ? "nothing" : word->name);
  }
  assert_null(explain_word_find("", &kind));
  assert_null(explain_word_find("|", &kind));
  assert_null(explain_word_find("a word that is much longer than any name of the tables", &kind));
}

static void a_slip_finds_the_nearest_words(void **state) {
  (void)state;
  const char *names[EXPLAIN_WORD_NEAREST];
  assert_true(explain_word_nearest("econrefused", names) >= 1);
  assert_string_equal(names[0], "ECONNREFUSED");
  assert_int_equal(explain_word_nearest("block", names), 1);
  assert_string_equal(names[0], "blocked");
  assert_int_equal(explain_word_nearest("xyzzy", names), 0);
  assert_int_equal(explain_word_nearest("", names), 0);
}

static void a_code_without_a_row_is_told_in_the_systems_words(void **state) {
  (void)state;
  char words[64];
  assert_string_equal(explain_code_summary(UV_ECONNREFUSED, words, sizeof words), "connection refused");
  assert_string_equal(explain_code_summary(UV_EXDEV, words, sizeof words), uv_strerror(UV_EXDEV));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_row_is_whole),
      cmocka_unit_test(every_name_finds_its_own_row),
      cmocka_unit_test(codes_have_the_name_that_the_system_gives_them),
      cmocka_unit_test(words_are_found_however_they_are_written),
      cmocka_unit_test(a_slip_finds_the_nearest_words),
      cmocka_unit_test(a_code_without_a_row_is_told_in_the_systems_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
