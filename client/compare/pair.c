/* Matching runs by their workload and asking decide.c about each figure. Knows jansson's values, no file. */
#include "client/compare/pair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "client/compare/faults.h"
#include "client/stats/ranks.h"
#include "common/memory/memory.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* What makes a workload another one. Where the server listens, how long was measured and which pattern was sent do
 * not. */
static const char *const workload_keys[] = {"name",  "direction",       "transport",   "payload_bytes", "connections",
                                            "depth", "rate_per_second", "interval_ns", "wait"};

/* Never the same twice, or no property of the machine. */
static const char *const passing_keys[] = {"load_1m", "steal_percent", "started_at"};

/* null and a missing field say the same: not known, or does not apply. */
static const json_t *value_of(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  return json_is_null(value) ? NULL : value;
}

static bool is_same(const json_t *one, const json_t *other) {
  if (one == NULL || other == NULL) return one == other;
  if (json_is_number(one) && json_is_number(other)) return json_number_value(one) == json_number_value(other);
  return json_equal(one, other) != 0;
}

static void add_difference(struct compare_differences *out, const char *name, const json_t *one, const json_t *other) {
  if (out->count == COMPARE_DIFFERENCES_MAX || is_same(one, other)) return;
  out->rows[out->count++] = (struct compare_difference){name, one, other};
}

static void compare_workloads(const struct compare_run *baseline, const struct compare_run *run,
                              struct compare_differences *out) {
  out->count = 0;
  for (size_t i = 0; i < ROWS(workload_keys); i++)
    add_difference(out, workload_keys[i], value_of(baseline->workload, workload_keys[i]),
                   value_of(run->workload, workload_keys[i]));
  add_difference(out, "faults of the server", baseline->faults, run->faults);
}

static bool is_passing(const char *key) {
  for (size_t i = 0; i < ROWS(passing_keys); i++)
    if (strcmp(passing_keys[i], key) == 0) return true;
  return false;
}

void compare_environments(const struct compare_file *baseline, const struct compare_file *file,
                          struct compare_differences *out) {
  json_t *one = json_object_get(baseline->root, "environment");
  json_t *other = json_object_get(file->root, "environment");
  const char *key;
  json_t *value;
  out->count = 0;
  add_difference(out, "loping version", value_of(baseline->root, "version"), value_of(file->root, "version"));
  /* What only one of two versions of loping recorded is no difference of the machines. */
  json_object_foreach(one, key, value) {
    const json_t *same = json_object_get(other, key);
    if (same == NULL || is_passing(key)) continue;
    add_difference(out, key, value_of(one, key), value_of(other, key));
  }
}

const struct compare_run *compare_find_run(const struct compare_file *baseline, const struct compare_run *run) {
  const struct compare_run *nearest = NULL;
  size_t least = ROWS(workload_keys) + 2;
  for (size_t i = 0; i < baseline->run_count; i++) {
    const struct compare_run *candidate = &baseline->runs[i];
    struct compare_differences differences;
    bool is_same_kind = is_same(value_of(candidate->workload, "name"), value_of(run->workload, "name")) &&
                        is_same(value_of(candidate->workload, "direction"), value_of(run->workload, "direction"));
    compare_workloads(candidate, run, &differences);
    if (!is_same_kind || differences.count >= least) continue;
    least = differences.count;
    nearest = candidate;
  }
  return nearest;
}

/* Times should be short and rates high; of counts and bytes that depends on who asks. */
static enum compare_better better_of(enum field_kind kind) {
  switch (kind) {
    case FIELD_NS:
    case FIELD_NS_REAL:
      return COMPARE_LOWER_IS_BETTER;
    case FIELD_BITS_PER_SECOND:
    case FIELD_PER_SECOND:
      return COMPARE_HIGHER_IS_BETTER;
    case FIELD_COUNT:
    case FIELD_BYTES:
    case FIELD_NUMBER:
    case FIELD_PERCENT:
      break;
  }
  return COMPARE_NEITHER_IS_BETTER;
}

/* The sum, or the median, of a figure over the runs that have it; NAN where none has. */
static double sum_up(const struct compare_side *side, size_t figure, bool is_sum) {
  double values[COMPARE_SIDE_MAX], sum = 0;
  size_t count = 0;
  for (size_t i = 0; i < side->run_count; i++) {
    double value = side->runs[i]->figures[figure];
    if (isnan(value)) continue;
    values[count++] = value;
    sum += value;
  }
  if (count == 0) return NAN;
  return is_sum ? sum : ranks_median(values, count);
}

static bool leaves_out_any(const struct compare_side *side) {
  for (size_t i = 0; i < side->run_count; i++)
    if (side->runs[i]->first.is_left_out) return true;
  return false;
}

/* Room for the slices of both sides. */
struct room {
  double *baseline, *side;
};

static bool decide_figure(const struct compare_pair *pair, double smallest, const struct room *room,
                          struct compare_row *row) {
  compare_slice_value *value = compare_find_slice_value(row->section, row->field);
  struct compare_question question = {
      .baseline = row->baseline,
      .value = row->value,
      .better = better_of(row->field->kind),
      .smallest = smallest,
      .has_slices = value != NULL,
      .leaves_out_any = leaves_out_any(&pair->baseline) || leaves_out_any(&pair->side),
  };
  if (value != NULL) {
    compare_make_series(&pair->baseline, value, room->baseline, &question.baseline_slices);
    compare_make_series(&pair->side, value, room->side, &question.slices);
    question.round_count = compare_make_rounds(&pair->rounds, &question.baseline_slices, &question.slices,
                                               room->baseline, room->side, question.rounds);
  }
  return compare_decide(&question, &row->answer);
}

static bool decide_row(const struct compare_pair *pair, double smallest, const struct room *room,
                       struct compare_row *row) {
  bool is_done = true;
  if (compare_is_fault(row->section))
    compare_decide_fault(row->field->name, row->baseline, row->value, &pair->baseline, &pair->side, &row->answer);
  else
    is_done = decide_figure(pair, smallest, room, row);
  bool is_tested = row->answer.verdict != COMPARE_UNTESTED;
  if (pair->differences.count > 0 && is_tested) row->answer.verdict = COMPARE_NOT_COMPARABLE;
  return is_done;
}

/* A stream has no round trips: their rate is 0 in both and means nothing. */
static bool says_nothing(const struct compare_row *row) {
  return row->field->kind == FIELD_PER_SECOND && row->baseline == 0 && row->value == 0;
}

static bool decide_rows(struct compare_pair *pair, double smallest, const struct room *room) {
  struct compare_row row;
  for (size_t i = 0; i < COMPARE_FIGURES_MAX && compare_figure(i, &row.section, &row.field); i++) {
    row.baseline = sum_up(&pair->baseline, i, compare_is_fault(row.section));
    row.value = sum_up(&pair->side, i, compare_is_fault(row.section));
    if (isnan(row.baseline) || isnan(row.value) || says_nothing(&row)) continue;
    if (!decide_row(pair, smallest, room, &row)) return false;
    pair->rows[pair->row_count++] = row;
  }
  return true;
}

/* Of all runs, each against the first. */
static void find_differences(const struct compare_side *side, const struct compare_run *first,
                             struct compare_differences *out) {
  for (size_t i = 0; i < side->run_count && out->count == 0; i++)
    compare_workloads(first, side->runs[i], out);
}

bool compare_pair_make(const struct compare_side *baseline, const struct compare_side *side, double smallest,
                       struct compare_pair *out) {
  /* One more, so that none is no allocation of 0 bytes. */
  struct room room = {memory_take_zeroed(compare_count_slices(baseline) + 1, sizeof *room.baseline),
                      memory_take_zeroed(compare_count_slices(side) + 1, sizeof *room.side)};
  out->baseline = *baseline;
  out->side = *side;
  out->row_count = 0;
  compare_find_rounds(baseline, side, &out->rounds);
  out->differences.count = 0;
  find_differences(side, baseline->runs[0], &out->differences);
  find_differences(baseline, baseline->runs[0], &out->differences);
  bool is_done = room.baseline != NULL && room.side != NULL && decide_rows(out, smallest, &room);
  free(room.baseline);
  free(room.side);
  return is_done;
}
