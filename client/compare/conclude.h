/*
 * What a comparison comes to in the end: the one account that the text's last words, the JSON and the exit status are
 * made of. Prints nothing.
 */
#ifndef LOPING_CLIENT_COMPARE_CONCLUDE_H
#define LOPING_CLIENT_COMPARE_CONCLUDE_H

#include <stdbool.h>
#include <stddef.h>

#include "client/compare/pair.h"

#define COMPARE_REASON_SIZE 960
/* Reasons beyond these are counted and not listed. */
#define COMPARE_REASONS_MAX 64

enum compare_outcome {
  COMPARE_OUTCOME_WORSE,   /* a figure is a regression, or a run failed that did not in the baseline */
  COMPARE_OUTCOME_NOTHING, /* of one side of a pair nothing was measured, or nothing got a verdict at all */
  COMPARE_OUTCOME_UNSOUND, /* nothing got worse, but a run failed, was interrupted or lost messages */
  COMPARE_OUTCOME_FINE,
};

struct compare_account {
  size_t regressions;   /* figures that are one, and pairs of which only the new side failed */
  size_t judged_pairs;  /* that got a verdict of a figure at least */
  size_t pairs_in_turn; /* of which the runs were measured in turn */
  size_t empty_pairs;   /* of one side of which nothing was measured */
  size_t unsound_files; /* runs with a fault, of either side */
  size_t reason_count;
  char (*reasons)[COMPARE_REASON_SIZE]; /* owned: sentences without a full stop, safe for a terminal */
};

/* Adds what a pair comes to. Returns false when memory ran out. */
bool compare_account_add(struct compare_account *account, const struct compare_pair *pair, double threshold);
/* Adds a reason of another kind: a run that was left alone. The same. */
bool compare_account_add_reason(struct compare_account *account, const char *format, ...)
    __attribute__((format(__printf__, 2, 3)));
void compare_account_clear(struct compare_account *account);

enum compare_outcome compare_conclude(const struct compare_account *account);

/* "worse", "nothing to judge", "not worse, but not sound", "no regression". */
const char *compare_outcome_text(enum compare_outcome outcome);

/* The exit status (exit_status.h). */
int compare_outcome_status(enum compare_outcome outcome);

#endif
