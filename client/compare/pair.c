/* Matching runs by their workload and asking decide.c about each figure. Knows jansson's values, no file. */
#include "client/compare/pair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static void compare_workloads(const json_t *baseline, const json_t *workload, struct compare_differences *out) {
  out->count = 0;
  for (size_t i = 0; i < ROWS(workload_keys); i++)
    add_difference(out, workload_keys[i], value_of(baseline, workload_keys[i]), value_of(workload, workload_keys[i]));
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
  size_t least = ROWS(workload_keys) + 1;
  for (size_t i = 0; i < baseline->run_count; i++) {
    const struct compare_run *candidate = &baseline->runs[i];
    struct compare_differences differences;
    bool is_same_kind = is_same(value_of(candidate->workload, "name"), value_of(run->workload, "name")) &&
                        is_same(value_of(candidate->workload, "direction"), value_of(run->workload, "direction"));
    compare_workloads(candidate->workload, run->workload, &differences);
    if (!is_same_kind || differences.count >= least) continue;
    least = differences.count;
    nearest = candidate;
  }
  return nearest;
}

static double p50_of(const struct compare_slice *slice) {
  return slice->round_trips > 0 ? slice->rtt_p50_ns : NAN;
}

static double p99_of(const struct compare_slice *slice) {
  return slice->round_trips > 0 ? slice->rtt_p99_ns : NAN;
}

static double bit_rate_of(const struct compare_slice *slice) {
  return slice->bytes_moved * 8e9 / slice->duration_ns;
}

static double trip_rate_of(const struct compare_slice *slice) {
  return slice->round_trips * 1e9 / slice->duration_ns;
}

/* The figures that every slice has its own value of. */
static const struct {
  const char *section;
  const char *field;
  double (*value_of)(const struct compare_slice *slice);
} slice_figures[] = {
    {"rtt_ns", "p50", p50_of},
    {"rtt_ns", "p99", p99_of},
    {"throughput", "bits_per_second", bit_rate_of},
    {"throughput", "round_trips_per_second", trip_rate_of},
};

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

typedef double slice_value(const struct compare_slice *slice);

static slice_value *find_slice_value(const struct result_section *section, const struct result_field *field) {
  for (size_t i = 0; i < ROWS(slice_figures); i++)
    if (section->parent == NULL && strcmp(slice_figures[i].section, section->name) == 0 &&
        strcmp(slice_figures[i].field, field->name) == 0)
      return slice_figures[i].value_of;
  return NULL;
}

static struct compare_series make_series(const struct compare_run *run, slice_value *value, double *room) {
  struct compare_series series = {0, room};
  for (size_t i = 0; i < run->slice_count; i++) {
    double one = value(&run->slices[i]);
    if (isfinite(one)) room[series.count++] = one;
  }
  return series;
}

static void decide_row(const struct compare_pair *pair, struct compare_row *row, double *room, double *baseline_room) {
  slice_value *value = find_slice_value(row->section, row->field);
  struct compare_question question = {
      .baseline = row->baseline,
      .value = row->value,
      .better = better_of(row->field->kind),
      .has_slices = value != NULL,
  };
  if (value != NULL) {
    question.baseline_slices = make_series(pair->baseline, value, baseline_room);
    question.slices = make_series(pair->run, value, room);
  }
  compare_decide(&question, &row->answer);
  bool is_tested = row->answer.verdict != COMPARE_UNTESTED;
  if (pair->differences.count > 0 && is_tested) row->answer.verdict = COMPARE_NOT_COMPARABLE;
}

/* A stream has no round trips: their rate is 0 in both and means nothing. */
static bool says_nothing(const struct compare_row *row) {
  return row->field->kind == FIELD_PER_SECOND && row->baseline == 0 && row->value == 0;
}

bool compare_pair_make(const struct compare_run *baseline, const struct compare_run *run, struct compare_pair *out) {
  /* One more, so that none is no allocation of 0 bytes. */
  double *baseline_room = calloc(baseline->slice_count + 1, sizeof *baseline_room);
  double *room = calloc(run->slice_count + 1, sizeof *room);
  bool is_done = baseline_room != NULL && room != NULL;
  struct compare_row row;
  out->baseline = baseline;
  out->run = run;
  out->row_count = 0;
  compare_workloads(baseline->workload, run->workload, &out->differences);
  for (size_t i = 0; is_done && i < COMPARE_FIGURES_MAX && compare_figure(i, &row.section, &row.field); i++) {
    row.baseline = baseline->figures[i];
    row.value = run->figures[i];
    if (isnan(row.baseline) || isnan(row.value) || says_nothing(&row)) continue;
    decide_row(out, &row, room, baseline_room);
    out->rows[out->row_count++] = row;
  }
  free(baseline_room);
  free(room);
  return is_done;
}
