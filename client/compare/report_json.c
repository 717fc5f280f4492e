/* The JSON of compare; walks the same pairs and the same account as the text. */
#include <math.h>
#include <string.h>

#include "client/compare/faults.h"
#include "client/compare/names.h"
#include "client/compare/report.h"

static json_t *copy_or_null(const json_t *value) {
  return value == NULL ? json_null() : json_deep_copy(value);
}

static json_t *number_or_null(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

json_t *compare_json_files(const struct compare_files *files) {
  char path[COMPARE_SHOWN_SIZE];
  json_t *array = json_array();
  for (size_t i = 0; i < files->count; i++)
    json_array_append_new(array, json_string(compare_name_file(&files->files[i], path)));
  return array;
}

json_t *compare_json_differences(const struct compare_differences *differences) {
  json_t *array = json_array();
  for (size_t i = 0; i < differences->count; i++) {
    json_t *one = json_object();
    json_object_set_new(one, "name", json_string(differences->rows[i].name));
    json_object_set_new(one, "baseline", copy_or_null(differences->rows[i].baseline));
    json_object_set_new(one, "value", copy_or_null(differences->rows[i].value));
    json_array_append_new(array, one);
  }
  return array;
}

static json_t *row_object(const struct compare_row *row, double threshold) {
  json_t *object = json_object();
  const struct compare_answer *answer = &row->answer;
  const struct result_section bare = {.name = ""};
  char name[RESULT_PATH_SIZE];
  const char *verdict = compare_verdict_text(answer->verdict);
  bool is_whole = result_field_is_whole(row->field);
  json_object_set_new(object, "part_of",
                      row->section->parent == NULL ? json_null() : json_string(row->section->parent));
  bool has_part = row->section->name[0] != '\0';
  json_object_set_new(object, "part", has_part ? json_string(row->section->name) : json_null());
  json_object_set_new(object, "name", json_string(result_field_path(&bare, row->field, name)));
  json_object_set_new(object, "baseline",
                      is_whole ? json_integer((json_int_t)row->baseline) : number_or_null(row->baseline));
  json_object_set_new(object, "value", is_whole ? json_integer((json_int_t)row->value) : number_or_null(row->value));
  json_object_set_new(object, "change_percent", number_or_null(answer->change * 100));
  json_object_set_new(object, "slices_change_percent", number_or_null(answer->shift * 100));
  json_object_set_new(object, "verdict", verdict[0] == '\0' ? json_null() : json_string(verdict));
  json_object_set_new(object, "p_value", number_or_null(answer->p_value));
  json_object_set_new(object, "effective_slices",
                      answer->effective_slices > 0 ? json_real(answer->effective_slices) : json_null());
  json_object_set_new(object, "rounds", answer->rounds > 0 ? json_integer((json_int_t)answer->rounds) : json_null());
  json_object_set_new(object, "regression", json_boolean(compare_is_regression(answer, threshold)));
  return object;
}

/* The runs of a side, and how each ended. */
static json_t *side_array(const struct compare_side *side) {
  char path[COMPARE_SHOWN_SIZE], faults[COMPARE_FAULT_SIZE];
  json_t *array = json_array();
  for (size_t i = 0; i < side->run_count; i++) {
    const struct compare_run *run = side->runs[i];
    json_t *object = json_object();
    bool has_faults = compare_describe_faults(run, faults);
    json_object_set_new(object, "file", json_string(compare_name_file(run->file, path)));
    json_object_set_new(object, "slices", json_integer((json_int_t)run->slice_count));
    json_object_set_new(object, "first_slice_left_out", json_boolean(run->first.is_left_out));
    json_object_set_new(object, "measured", json_boolean(run->is_measured));
    json_object_set_new(object, "failed", json_boolean(run->failure != NULL));
    json_object_set_new(object, "interrupted", json_boolean(run->is_interrupted));
    json_object_set_new(object, "faults", has_faults ? json_string(faults) : json_null());
    json_array_append_new(array, object);
  }
  return array;
}

json_t *compare_json_pair(const struct compare_pair *pair, double threshold) {
  json_t *object = json_object();
  json_t *figures = json_array();
  for (size_t i = 0; i < pair->row_count; i++)
    json_array_append_new(figures, row_object(&pair->rows[i], threshold));
  json_object_set_new(object, "workload", json_deep_copy(pair->side.runs[0]->workload));
  json_object_set_new(object, "workload_differences", compare_json_differences(&pair->differences));
  json_object_set_new(object, "baseline_slices", json_integer((json_int_t)compare_count_slices(&pair->baseline)));
  json_object_set_new(object, "slices", json_integer((json_int_t)compare_count_slices(&pair->side)));
  json_object_set_new(object, "baseline_runs", side_array(&pair->baseline));
  json_object_set_new(object, "runs", side_array(&pair->side));
  json_object_set_new(object, "figures", figures);
  return object;
}

void compare_json_set_outcome(json_t *object, const struct compare_account *account) {
  enum compare_outcome outcome = compare_conclude(account);
  json_t *reasons = json_array();
  for (size_t i = 0; i < account->reason_count; i++)
    json_array_append_new(reasons, json_string(account->reasons[i]));
  json_object_set_new(object, "regressions", json_integer((json_int_t)account->regressions));
  json_object_set_new(object, "conclusion", json_string(compare_outcome_text(outcome)));
  json_object_set_new(object, "exit_status", json_integer(compare_outcome_status(outcome)));
  json_object_set_new(object, "reasons", reasons);
}
