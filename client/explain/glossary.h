/*
 * Every word that `loping explain` knows: error codes, the verdicts of `loping check`, and the terms of the reports.
 * Pure.
 */
#ifndef LOPING_CLIENT_EXPLAIN_GLOSSARY_H
#define LOPING_CLIENT_EXPLAIN_GLOSSARY_H

#include "common/explain/error_words.h"

#define EXPLAIN_WORD_NEAREST 3

enum explain_word_kind { EXPLAIN_WORD_ERROR, EXPLAIN_WORD_VERDICT, EXPLAIN_WORD_TERM };
#define EXPLAIN_WORD_KINDS 3

/* Indexed by enum explain_word_kind. */
extern const struct explain_word_table explain_word_verdicts, explain_word_terms;
const struct explain_word_table *explain_word_table(enum explain_word_kind kind);

/* The row of that name, whatever its letters' case; NULL if there is none. */
const struct explain_word *explain_word_find(const char *name, enum explain_word_kind *kind);

/* The names most like `typed`, best first. Returns how many. */
size_t explain_word_nearest(const char *typed, const char *names[EXPLAIN_WORD_NEAREST]);

#endif
