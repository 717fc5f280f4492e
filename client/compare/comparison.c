/* See comparison.h. */
#include "client/compare/comparison.h"

#include <stdlib.h>

#include "client/compare/names.h"
#include "client/compare/report.h"
#include "common/memory/memory.h"
#include "common/text/version.h"

/* The run of each file that measured what `run` did. Files without one have no part in it. */
static void find_side(const struct compare_files *files, const struct compare_run *run, struct compare_side *out) {
  out->run_count = 0;
  for (size_t i = 0; i < files->count; i++) {
    const struct compare_run *same = compare_find_run(&files->files[i], run);
    if (same != NULL) out->runs[out->run_count++] = same;
  }
}

/* What is compared with what, and what is found. */
struct one_against_one {
  struct compare_files baseline, files;
  json_t *pairs, *unmatched;
};

static bool compare_sides(struct comparison *comparison, const struct compare_side *baseline,
                          const struct compare_side *side, json_t *pairs) {
  struct compare_pair *pair = memory_take(sizeof *pair);
  bool is_done = pair != NULL && compare_pair_make(baseline, side, comparison->limits.smallest, pair) &&
                 compare_account_add(&comparison->account, pair, comparison->limits.threshold);
  if (is_done) {
    json_array_append_new(pairs, compare_json_pair(pair, comparison->limits.threshold));
    if (comparison->out != NULL)
      compare_report_pair(pair, &comparison->limits, comparison->is_quiet, comparison->columns, comparison->out);
  }
  free(pair);
  return is_done;
}

/* One run of the first new file. Returns false when memory ran out. */
static bool compare_run(struct comparison *comparison, const struct one_against_one *both,
                        const struct compare_run *run) {
  char name[COMPARE_NAME_SIZE];
  struct compare_side baseline, side;
  find_side(&both->baseline, run, &baseline);
  find_side(&both->files, run, &side);
  /* A file may hold the same measurement twice; of the first, it is this one. */
  side.runs[0] = run;
  comparison->run_count++;
  if (baseline.run_count > 0) return compare_sides(comparison, &baseline, &side, both->pairs);
  comparison->unmatched++;
  json_array_append_new(both->unmatched, json_deep_copy(run->workload));
  if (comparison->out != NULL) fprintf(comparison->out, "\n%s: not in the baseline\n", compare_name_run(run, name));
  return true;
}

/* Runs of the baseline's first file that no run of the new one belongs to: a sweep that ended early. */
static bool count_missing(struct comparison *comparison, const struct one_against_one *both, size_t *missing) {
  char name[COMPARE_NAME_SIZE], path[COMPARE_SHOWN_SIZE];
  const struct compare_file *baseline = &both->baseline.files[0], *file = &both->files.files[0];
  *missing = 0;
  for (size_t i = 0; i < baseline->run_count; i++) {
    bool is_there = false;
    for (size_t r = 0; r < file->run_count && !is_there; r++)
      is_there = compare_find_run(baseline, &file->runs[r]) == &baseline->runs[i];
    if (is_there) continue;
    *missing += 1;
    if (!compare_account_add_reason(&comparison->account, "%s is in the baseline, and not in '%s'",
                                    compare_name_run(&baseline->runs[i], name), compare_name_file(file, path)))
      return false;
  }
  return true;
}

static bool compare_files(struct comparison *comparison, size_t first, size_t count) {
  char path[COMPARE_SHOWN_SIZE];
  struct compare_differences environment;
  struct one_against_one both = {
      {comparison->baseline_count, comparison->files}, {count, &comparison->files[first]}, json_array(), json_array()};
  json_t *object = json_object();
  const struct compare_file *file = both.files.files;
  size_t missing = 0;
  bool is_done = true;
  compare_environments(both.baseline.files, file, &environment);
  if (comparison->out != NULL) compare_report_files(&both.baseline, &both.files, &environment, comparison->out);
  for (size_t i = 0; is_done && i < file->run_count; i++)
    is_done = compare_run(comparison, &both, &file->runs[i]);
  is_done = is_done && count_missing(comparison, &both, &missing);
  json_object_set_new(object, "file", json_string(compare_name_file(file, path)));
  json_object_set_new(object, "files", compare_json_files(&both.files));
  json_object_set_new(object, "environment_differences", compare_json_differences(&environment));
  json_object_set_new(object, "runs", both.pairs);
  json_object_set_new(object, "runs_without_baseline", both.unmatched);
  json_object_set_new(object, "runs_missing", json_integer((json_int_t)missing));
  json_array_append_new(comparison->comparisons, object);
  return is_done;
}

json_t *comparison_to_json(const struct comparison *comparison) {
  char path[COMPARE_SHOWN_SIZE];
  json_t *object = json_object();
  const struct compare_files baseline = {comparison->baseline_count, comparison->files};
  json_object_set_new(object, "schema_version", json_integer(RESULT_SCHEMA_VERSION));
  json_object_set_new(object, "tool", json_string("loping compare"));
  json_object_set_new(object, "version", json_string(LOPING_VERSION));
  json_object_set_new(object, "baseline", json_string(compare_name_file(&comparison->files[0], path)));
  json_object_set_new(object, "baseline_files", compare_json_files(&baseline));
  json_object_set_new(object, "threshold_percent", json_real(comparison->limits.threshold * 100));
  json_object_set_new(object, "smallest_percent", json_real(comparison->limits.smallest * 100));
  json_object_set_new(object, "alpha", json_real(COMPARE_ALPHA));
  compare_json_set_outcome(object, &comparison->account);
  json_object_set(object, "comparisons", comparison->comparisons);
  return object;
}

bool comparison_make(struct comparison *comparison) {
  comparison->comparisons = json_array();
  for (size_t i = comparison->baseline_count; i < comparison->file_count; i += comparison->at_once) {
    if (i > comparison->baseline_count && comparison->out != NULL) fputc('\n', comparison->out);
    if (!compare_files(comparison, i, comparison->at_once)) return false;
  }
  /* Nothing in common is no success: a wrong file may have been given. */
  return comparison->unmatched < comparison->run_count ||
         compare_account_add_reason(&comparison->account,
                                    "no run of these files measured the same kind of thing, so nothing was compared");
}

void comparison_clear(struct comparison *comparison) {
  compare_account_clear(&comparison->account);
  json_decref(comparison->comparisons);
}
