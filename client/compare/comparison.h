/*
 * One call of compare, between the files that were read and the words that are said: a comparison for each file after
 * the baseline's, or one of two sides.
 */
#ifndef LOPING_CLIENT_COMPARE_COMPARISON_H
#define LOPING_CLIENT_COMPARE_COMPARISON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "client/compare/conclude.h"
#include "client/compare/load.h"

#define COMPARISON_THRESHOLD 0.05
#define COMPARISON_SMALLEST  0.02

struct comparison {
  /* Set by the caller: */
  struct compare_limits limits;
  const struct compare_file *files;
  size_t file_count;
  size_t baseline_count; /* the first files */
  size_t at_once;        /* of the others, so many together against the baseline */
  FILE *out;             /* of the text; NULL: none */
  bool is_quiet;         /* of the text only what changed */
  size_t columns;        /* that it may have */
  /* What was found; all zero before: */
  size_t unmatched, run_count; /* runs that the baseline has nothing for, and all */
  struct compare_account account;
  json_t *comparisons;
};

/* Compares. Returns false when memory ran out; comparison_clear() must follow in both cases. */
bool comparison_make(struct comparison *comparison);

/* All that was found, as compare --json has it; the caller owns the object. NULL if memory ran out. */
json_t *comparison_to_json(const struct comparison *comparison);

void comparison_clear(struct comparison *comparison);

#endif
