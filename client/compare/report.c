/* The reports of compare. What stands in the files comes from outside, and is escaped before it is printed. */
#include "client/compare/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/safe_text.h"

#define SHOWN_SIZE 96

static const char *shown_text(const char *text, char out[SHOWN_SIZE]) {
  safe_text_copy(text, strlen(text), out, SHOWN_SIZE);
  return out;
}

/* Any value of a file as a short text. */
static const char *shown_value(const json_t *value, char out[SHOWN_SIZE]) {
  if (value == NULL) return "none";
  if (json_is_string(value)) return shown_text(json_string_value(value), out);
  char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
  if (text == NULL) return "?";
  shown_text(text, out);
  free(text);
  return out;
}

static void print_file(const char *label, const struct compare_file *file, FILE *out) {
  char path[SHOWN_SIZE], started[SHOWN_SIZE];
  const json_t *started_at = json_object_get(file->root, "started_at");
  fprintf(out, "%-9s %s", label, shown_text(file->path, path));
  if (json_is_string(started_at)) fprintf(out, ", measured %s", shown_value(started_at, started));
  fputc('\n', out);
}

static void print_differences(const char *what, const struct compare_differences *differences, FILE *out) {
  char one[SHOWN_SIZE], other[SHOWN_SIZE];
  for (size_t i = 0; i < differences->count; i++) {
    const struct compare_difference *row = &differences->rows[i];
    char name[SHOWN_SIZE];
    fprintf(out, "%s %s: %s, then %s\n", what, shown_text(row->name, name), shown_value(row->baseline, one),
            shown_value(row->value, other));
  }
}

void compare_report_files(const struct compare_file *baseline, const struct compare_file *file,
                          const struct compare_differences *environment, FILE *out) {
  print_file("baseline", baseline, out);
  print_file("against", file, out);
  print_differences("differs:", environment, out);
}

const char *compare_name_run(const struct compare_run *run, char *text) {
  char name[SHOWN_SIZE], direction[SHOWN_SIZE], transport[SHOWN_SIZE], size[UNITS_TEXT_SIZE];
  const json_t *way = json_object_get(run->workload, "direction");
  const json_t *bytes = json_object_get(run->workload, "payload_bytes");
  shown_value(json_object_get(run->workload, "name"), name);
  snprintf(text, COMPARE_NAME_SIZE, "%.40s%s%.40s (%.16s, %s)", name, json_is_string(way) ? " " : "",
           json_is_string(way) ? shown_value(way, direction) : "",
           shown_value(json_object_get(run->workload, "transport"), transport),
           units_format_bytes(json_number_value(bytes), size));
  return text;
}

static bool is_named(const struct compare_row *row, const char *name) {
  return strcmp(row->field->name, name) == 0;
}

/* All of them are in the JSON report; on a terminal the ones that matter. */
static bool is_printed(const struct compare_row *row, bool only_changes) {
  bool is_change = row->answer.verdict == COMPARE_BETTER || row->answer.verdict == COMPARE_WORSE;
  bool is_error = strcmp(row->section->name, "errors") == 0;
  bool is_main = row->section->parent == NULL &&
                 (strcmp(row->section->name, "rtt_ns") == 0 || strcmp(row->section->name, "throughput") == 0);
  if (only_changes) return is_change;
  if (is_error) return row->baseline > 0 || row->value > 0;
  return is_main || is_named(row, "p50") || is_named(row, "p99");
}

static void print_row(const struct compare_row *row, double threshold, FILE *out) {
  char name[SHOWN_SIZE], one[UNITS_TEXT_SIZE], other[UNITS_TEXT_SIZE], change[UNITS_TEXT_SIZE] = "";
  bool is_distribution = result_section_is_distribution(row->section);
  snprintf(name, sizeof name, "%s%s%s", is_distribution ? row->section->label : "", is_distribution ? " " : "",
           row->field->label);
  if (!isnan(row->answer.change)) snprintf(change, sizeof change, "%+.1f %%", row->answer.change * 100);
  bool is_small = row->answer.verdict == COMPARE_WORSE && !compare_is_regression(&row->answer, threshold);
  fprintf(out, "  %-24s %12s %12s %10s", name, result_field_format_value(row->field->kind, row->baseline, one),
          result_field_format_value(row->field->kind, row->value, other), change);
  if (row->answer.verdict != COMPARE_UNTESTED) fprintf(out, "  %s", compare_verdict_text(row->answer.verdict));
  if (is_small) fprintf(out, ", but not by more than %.3g %%", threshold * 100);
  fputc('\n', out);
}

void compare_report_pair(const struct compare_pair *pair, double threshold, bool only_changes, FILE *out) {
  char name[COMPARE_NAME_SIZE];
  fprintf(out, "\n%s; one-second slices: %zu, then %zu\n", compare_name_run(pair->run, name),
          pair->baseline->slice_count, pair->run->slice_count);
  print_differences("not the same workload:", &pair->differences, out);
  fprintf(out, "  %-24s %12s %12s %10s  %s\n", "", "baseline", "now", "change", "verdict");
  for (size_t i = 0; i < pair->row_count; i++)
    if (is_printed(&pair->rows[i], only_changes)) print_row(&pair->rows[i], threshold, out);
}

void compare_report_method(double threshold, FILE *out) {
  fprintf(out,
          "\nVerdicts by Welch's t-test on the one-second slices, fewer of them counted the more each resembles the\n"
          "one before; \"within noise\" when chance alone does as much more often than once in %.0f. Figures that no\n"
          "slice has of its own, such as p99.9, get none. A regression is worse by more than %.3g %%.\n",
          1 / COMPARE_ALPHA, threshold * 100);
}

static json_t *copy_or_null(const json_t *value) {
  return value == NULL ? json_null() : json_deep_copy(value);
}

static json_t *number_or_null(double value) {
  return isfinite(value) ? json_real(value) : json_null();
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
  json_object_set_new(object, "verdict", verdict[0] == '\0' ? json_null() : json_string(verdict));
  json_object_set_new(object, "p_value", number_or_null(answer->p_value));
  json_object_set_new(object, "effective_slices",
                      answer->effective_slices > 0 ? json_real(answer->effective_slices) : json_null());
  json_object_set_new(object, "regression", json_boolean(compare_is_regression(answer, threshold)));
  return object;
}

json_t *compare_json_pair(const struct compare_pair *pair, double threshold) {
  json_t *object = json_object();
  json_t *figures = json_array();
  for (size_t i = 0; i < pair->row_count; i++)
    json_array_append_new(figures, row_object(&pair->rows[i], threshold));
  json_object_set_new(object, "workload", json_deep_copy(pair->run->workload));
  json_object_set_new(object, "workload_differences", compare_json_differences(&pair->differences));
  json_object_set_new(object, "baseline_slices", json_integer((json_int_t)pair->baseline->slice_count));
  json_object_set_new(object, "slices", json_integer((json_int_t)pair->run->slice_count));
  json_object_set_new(object, "figures", figures);
  return object;
}
