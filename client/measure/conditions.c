/* The edge of --fail-if: what fail_if.c decides becomes lines on stderr and an exit status. Measures nothing. */
#include "client/measure/conditions.h"

#include <stdio.h>
#include <string.h>

#include "client/frame/command.h"
#include "client/workloads/message.h"
#include "common/text/safe_text.h"
#include "common/wire/wire.h"

#define SHOWN_SIZE    80
#define SENTENCE_SIZE 512

bool conditions_read(const struct option_list *list, struct conditions *conditions, char *problem) {
  conditions->count = 0;
  for (size_t i = 0; i < list->count; i++)
    if (!fail_if_parse(list->values[i], &conditions->rows[conditions->count++], problem)) return false;
  return true;
}

void conditions_scope_add(struct conditions_scope *scope, const struct run_plan *plan) {
  bool is_stream = plan->workload->direction != NULL;
  scope->has_streams |= is_stream;
  scope->has_messages |= !is_stream;
  scope->has_schedule |= plan->messages_per_1000s > 0;
  scope->can_have_times |= !is_stream && message_is_frame(plan->bytes) && plan->bytes <= WIRE_FRAME_BYTES_MAX;
}

/* Why the figure cannot be measured, or NULL. */
static const char *why_impossible(const struct fail_if *condition, const struct conditions_scope *scope) {
  const char *name = condition->section->name;
  bool is_of_schedule = strcmp(name, "response_ns") == 0 || strcmp(name, "pacing_error_ns") == 0;
  bool is_leg = condition->section->parent != NULL && strcmp(condition->section->parent, "legs_ns") == 0;
  bool is_of_messages = fail_if_concerns(condition, false, scope->has_streams) && scope->has_messages;
  bool is_of_streams = fail_if_concerns(condition, true, scope->has_streams) && scope->has_streams;
  if (!is_of_messages && !is_of_streams) return "this command measures no single round trips; `loping latency` does";
  if (is_of_schedule && !scope->has_schedule) return "only an open loop has that figure; give a --rate as well";
  if (is_leg && !scope->can_have_times)
    return "legs need messages of 40 to 65,536 bytes, which have room for the server's times; give such a --size";
  return NULL;
}

static const char *shown(const struct fail_if *condition, char out[SHOWN_SIZE]) {
  safe_text_copy(condition->text, strlen(condition->text), out, SHOWN_SIZE);
  return out;
}

bool conditions_are_possible(const struct conditions *conditions, const struct conditions_scope *scope) {
  char text[SHOWN_SIZE];
  for (size_t i = 0; i < conditions->count; i++) {
    const char *reason = why_impossible(&conditions->rows[i], scope);
    if (reason == NULL) continue;
    command_complain("--fail-if: '%s' can never be judged: %s", shown(&conditions->rows[i], text), reason);
    return false;
  }
  return true;
}

/* "latency, 64 B: " where there are several runs. */
static void name_run(const struct result *result, const struct result_run *run, char *out, size_t room) {
  char size[UNITS_TEXT_SIZE];
  out[0] = '\0';
  if (result->run_count > 1)
    snprintf(out, room, "%s, %s: ", run->workload.name, units_format_size(run->workload.payload_bytes, size));
}

static bool has_streams(const struct result *result) {
  for (size_t i = 0; i < result->run_count; i++)
    if (result->runs[i].workload.direction != NULL) return true;
  return false;
}

int conditions_judge_one(const struct fail_if *condition, const struct result *result, conditions_say *say,
                         void *owner) {
  char text[SHOWN_SIZE], sentence[FAIL_IF_SENTENCE_SIZE], where[SHOWN_SIZE], whole[SENTENCE_SIZE];
  bool is_beside_streams = has_streams(result);
  int status = EXIT_NOT_DONE;
  for (size_t i = 0; i < result->run_count; i++) {
    const struct result_run *run = &result->runs[i];
    bool is_stream = run->workload.direction != NULL;
    if (!fail_if_concerns(condition, is_stream, is_beside_streams) || !fail_if_applies(condition, run)) continue;
    if (status == EXIT_NOT_DONE) status = EXIT_FINE;
    if (!fail_if_is_broken(condition, run)) continue;
    status = EXIT_ANSWER_IS_NO;
    name_run(result, run, where, sizeof where);
    snprintf(whole, sizeof whole, "--fail-if '%s': %s%s", shown(condition, text), where,
             fail_if_explain(condition, run, sentence));
    say(owner, whole);
  }
  if (status == EXIT_NOT_DONE) {
    snprintf(whole, sizeof whole, "--fail-if '%s' could not be judged: no run measured %s", shown(condition, text),
             condition->name);
    say(owner, whole);
  }
  return status;
}

static void complain(void *owner, const char *sentence) {
  (void)owner;
  command_complain("%s", sentence);
}

int conditions_judge(const struct conditions *conditions, const struct result *result) {
  bool is_broken = false, is_missing = false;
  for (size_t i = 0; i < conditions->count; i++) {
    int status = conditions_judge_one(&conditions->rows[i], result, complain, NULL);
    is_broken |= status == EXIT_ANSWER_IS_NO;
    is_missing |= status == EXIT_NOT_DONE;
  }
  return is_missing ? EXIT_NOT_DONE : is_broken ? EXIT_ANSWER_IS_NO : EXIT_FINE;
}
