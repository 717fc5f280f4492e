/* The conditions of --fail-if for one command: read, checked before anything is measured, judged after. */
#ifndef LOPING_CLIENT_MEASURE_CONDITIONS_H
#define LOPING_CLIENT_MEASURE_CONDITIONS_H

#include "client/result/fail_if.h"
#include "client/result/result.h"
#include "client/run/run.h"
#include "common/options/options.h"

struct conditions {
  size_t count;
  struct fail_if rows[OPTIONS_LIST_MAX];
};

/* What the plans of a command will measure, as far as it is known before. */
struct conditions_scope {
  bool has_messages;
  bool has_streams;
  bool has_schedule;   /* an open loop */
  bool can_have_times; /* the messages have room for the server's times */
};

/* Reads all; false with a sentence in `problem` (FAIL_IF_PROBLEM_SIZE bytes). */
bool conditions_read(const struct option_list *list, struct conditions *conditions, char *problem);

void conditions_scope_add(struct conditions_scope *scope, const struct run_plan *plan);

/* Is every figure one that will be measured? Says on stderr which is not, and why. */
bool conditions_are_possible(const struct conditions *conditions, const struct conditions_scope *scope);

/* Takes a sentence on what was found. */
typedef void conditions_say(void *owner, const char *sentence);

/* Judges one of them: says which runs break it and by how much, or that it could not be judged. Returns as the next. */
int conditions_judge_one(const struct fail_if *condition, const struct result *result, conditions_say *say,
                         void *owner);

/* Says on stderr, a line each, which conditions the result breaks, by how much, and which could not be judged. Returns
 * EXIT_FINE, EXIT_ANSWER_IS_NO, or EXIT_NOT_DONE when one could not be judged. */
int conditions_judge(const struct conditions *conditions, const struct result *result);

#endif
