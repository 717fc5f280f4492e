/* Finds a row of the tables of words. Must not know what a row says. Pure. */
#include "client/explain/glossary.h"

#include <stdbool.h>
#include <string.h>

#include "common/options/options.h"

/* No name of the tables is longer; a longer text is none of them. */
#define WORD_BYTES 32
#define WORDS_MAX  384

const struct explain_word_table *explain_word_table(enum explain_word_kind kind) {
  static const struct explain_word_table *const tables[EXPLAIN_WORD_KINDS] = {
      [EXPLAIN_WORD_ERROR] = &explain_word_errors,     [EXPLAIN_WORD_VERDICT] = &explain_word_verdicts,
      [EXPLAIN_WORD_TERM] = &explain_word_terms,       [EXPLAIN_WORD_REPORT] = &explain_word_reports,
      [EXPLAIN_WORD_SYSTEM] = &explain_word_systems,   [EXPLAIN_WORD_WIRE] = &explain_word_wires,
      [EXPLAIN_WORD_MISTAKE] = &explain_word_mistakes, [EXPLAIN_WORD_QUESTION] = &explain_word_questions,
  };
  return tables[kind];
}

/* Small letters; a blank or underscore becomes a dash, so that "queue full" and "TIME_WAIT" have one form. False for
 * what is too long. */
static bool make_plain(const char *text, size_t length, char out[WORD_BYTES]) {
  if (length >= WORD_BYTES) return false;
  for (size_t i = 0; i < length; i++) {
    out[i] = text[i];
    if (text[i] == ' ' || text[i] == '_') out[i] = '-';
    if (text[i] >= 'A' && text[i] <= 'Z') out[i] = "abcdefghijklmnopqrstuvwxyz"[text[i] - 'A'];
  }
  out[length] = '\0';
  return true;
}

static bool is_name_of(const struct explain_word *word, const char *plain) {
  char name[WORD_BYTES];
  if (make_plain(word->name, strlen(word->name), name) && strcmp(name, plain) == 0) return true;
  for (const char *other = word->others; other != NULL && other[0] != '\0' && other[1] != '\0';) {
    size_t length = strcspn(other + 1, "|");
    if (make_plain(other + 1, length, name) && strcmp(name, plain) == 0) return true;
    other += 1 + length;
  }
  return false;
}

const struct explain_word *explain_word_find(const char *name, enum explain_word_kind *kind) {
  char plain[WORD_BYTES];
  if (name[0] == '\0' || !make_plain(name, strlen(name), plain)) return NULL;
  for (int each = 0; each < EXPLAIN_WORD_KINDS; each++) {
    const struct explain_word_table *table = explain_word_table((enum explain_word_kind)each);
    for (size_t i = 0; i < table->count; i++) {
      if (!is_name_of(&table->words[i], plain)) continue;
      *kind = (enum explain_word_kind)each;
      return &table->words[i];
    }
  }
  return NULL;
}

struct candidates {
  size_t count;
  char plain[WORDS_MAX][WORD_BYTES];
  const char *plain_names[WORDS_MAX];
  const char *names[WORDS_MAX];
};

static void add_candidate(struct candidates *candidates, const char *name) {
  if (candidates->count == WORDS_MAX) return;
  if (!make_plain(name, strlen(name), candidates->plain[candidates->count])) return;
  candidates->plain_names[candidates->count] = candidates->plain[candidates->count];
  candidates->names[candidates->count++] = name;
}

static void remove_candidate(struct candidates *candidates, size_t at) {
  candidates->count--;
  for (size_t i = at; i < candidates->count; i++) {
    candidates->plain_names[i] = candidates->plain_names[i + 1];
    candidates->names[i] = candidates->names[i + 1];
  }
}

/* A slip of the fingers. */
static bool find_nearest(const struct candidates *candidates, const char *plain, size_t *at) {
  const char *nearest = options_nearest(plain, candidates->plain_names, candidates->count);
  for (size_t i = 0; i < candidates->count && nearest != NULL; i++) {
    if (candidates->plain_names[i] != nearest) continue;
    *at = i;
    return true;
  }
  return false;
}

size_t explain_word_nearest(const char *typed, const char *names[EXPLAIN_WORD_NEAREST]) {
  struct candidates candidates = {.count = 0};
  char plain[WORD_BYTES];
  size_t found = 0, at;
  if (typed[0] == '\0' || !make_plain(typed, strlen(typed), plain)) return 0;
  for (int kind = 0; kind < EXPLAIN_WORD_KINDS; kind++) {
    const struct explain_word_table *table = explain_word_table((enum explain_word_kind)kind);
    for (size_t i = 0; i < table->count; i++)
      add_candidate(&candidates, table->words[i].name);
  }
  while (found < EXPLAIN_WORD_NEAREST && find_nearest(&candidates, plain, &at)) {
    names[found++] = candidates.names[at];
    remove_candidate(&candidates, at);
  }
  return found;
}
