/* No number is in one output and missing in another: each row of the table is asked for in JSON, CSV, --fail-if and
 * compare. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "client/compare/load.h"
#include "client/reports/csv.h"
#include "client/reports/json.h"
#include "client/result/fail_if.h"
#include "client/result/figures.h"
#include "tests/unit/unit_test.h"

static struct result *result;
static struct compare_file file;
static char *csv_names, *csv_values;

static const void *struct_of(const struct result_section *section) {
  return (const char *)&result->runs[0] + section->offset;
}

/* Every number has a value of its own, and applies. */
static void fill(struct result_run *run) {
  double value = 1000;
  run->is_measured = run->has_throughput = run->has_achieved = true;
  run->errors.has_first_corrupted = run->floor.is_known = run->server_count.is_known = run->anatomy.is_known = true;
  run->confidence.p50.is_known = run->confidence.p99.is_known = true;
  run->cpu_use.is_known = run->cpu_use.has_server = run->cpu_use.has_other = run->cpu_use.has_machine = true;
  for (size_t i = 0; i < result_section_count; i++)
    for (size_t f = 0; f < result_sections[i].field_count; f++) {
      char *at = (char *)run + result_sections[i].offset + result_sections[i].fields[f].offset;
      value++;
      if (result_field_is_whole(&result_sections[i].fields[f]))
        memcpy(at, &(uint64_t){(uint64_t)value}, sizeof(uint64_t));
      else
        memcpy(at, &value, sizeof value);
    }
}

static char *read_back(FILE *stream) {
  long length = ftell(stream);
  char *text = calloc(1, (size_t)length + 1);
  assert_non_null(text);
  rewind(stream);
  assert_int_equal(fread(text, 1, (size_t)length, stream), (size_t)length);
  fclose(stream);
  return text;
}

static int set_up(void **state) {
  char problem[COMPARE_PROBLEM_SIZE];
  (void)state;
  result = calloc(1, sizeof *result);
  assert_non_null(result);
  result->run_count = 1;
  result_run_init(&result->runs[0]);
  result->runs[0].workload.name = "latency";
  fill(&result->runs[0]);
  FILE *stream = tmpfile();
  assert_int_equal(report_json_write(result, stream), 0);
  char *json = read_back(stream);
  assert_true(compare_file_parse("made up", json, strlen(json), &file, problem));
  free(json);
  stream = tmpfile();
  assert_int_equal(report_csv_write(result, stream), 0);
  csv_names = read_back(stream);
  csv_values = strstr(csv_names, "\r\n");
  assert_non_null(csv_values);
  *csv_values = '\0';
  csv_values += 2;
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  compare_file_free(&file);
  result_clear(result);
  free(result);
  free(csv_names);
  return 0;
}

typedef void check_number(const struct result_section *section, const struct result_field *field, const char *path,
                          double value);

static void check_all(check_number *check) {
  for (size_t i = 0; i < result_section_count; i++)
    for (size_t f = 0; f < result_sections[i].field_count; f++) {
      const struct result_section *section = &result_sections[i];
      char path[RESULT_PATH_SIZE];
      check(section, &section->fields[f], result_field_path(section, &section->fields[f], path),
            result_field_read(&section->fields[f], struct_of(section)));
    }
}

static void check_json(const struct result_section *section, const struct result_field *field, const char *path,
                       double value) {
  const json_t *at = json_array_get(json_object_get(file.root, "runs"), 0);
  if (section->parent != NULL) at = json_object_get(at, section->parent);
  if (section->name[0] != '\0') at = json_object_get(at, section->name);
  at = json_object_get(at, field->name);
  if (field->end != FIELD_ALONE) at = json_array_get(at, field->end == FIELD_LOW ? 0 : 1);
  if (!json_is_number(at)) fail_msg("the JSON lacks %s", path);
  if (fabs(json_number_value(at) - value) > 0) fail_msg("%s is %f in the JSON", path, json_number_value(at));
}

static void every_number_is_in_the_json(void **state) {
  (void)state;
  check_all(check_json);
}

/* The column of that name in a comma-separated line; -1 without. */
static int column_of(const char *names, const char *name) {
  int column = 0;
  for (const char *at = names; *at != '\0'; column++) {
    size_t length = strcspn(at, ",");
    if (length == strlen(name) && strncmp(at, name, length) == 0) return column;
    at += length + (at[length] == ',');
  }
  return -1;
}

static void check_csv(const struct result_section *section, const struct result_field *field, const char *path,
                      double value) {
  int column = column_of(csv_names, path);
  const char *at = csv_values;
  (void)section;
  (void)field;
  if (column < 0) fail_msg("the CSV has no column %s", path);
  for (int i = 0; i < column; i++)
    at = strchr(at, ',') + 1;
  if (fabs(strtod(at, NULL) - value) > 0) fail_msg("%s is %f in the CSV", path, strtod(at, NULL));
}

static void every_number_is_in_the_csv(void **state) {
  (void)state;
  check_all(check_csv);
}

static const char *limit_of(enum field_kind kind) {
  if (kind == FIELD_NS || kind == FIELD_NS_REAL) return "1ns";
  return kind == FIELD_BYTES ? "1B" : "1";
}

static void check_fail_if(const struct result_section *section, const struct result_field *field, const char *path,
                          double value) {
  char text[RESULT_PATH_SIZE + 8], problem[FAIL_IF_PROBLEM_SIZE];
  struct fail_if condition;
  (void)value;
  snprintf(text, sizeof text, "%s>%s", path, limit_of(field->kind));
  if (!fail_if_parse(text, &condition, problem)) fail_msg("%s", problem);
  if (condition.section != section || condition.field != field) fail_msg("%s means another number", path);
  if (!fail_if_applies(&condition, &result->runs[0])) fail_msg("%s does not apply", path);
  if (!fail_if_is_broken(&condition, &result->runs[0])) fail_msg("%s is judged wrongly", path);
}

static void every_number_can_be_a_condition(void **state) {
  (void)state;
  check_all(check_fail_if);
}

static void every_number_is_read_back_by_compare(void **state) {
  (void)state;
  const struct result_section *section;
  const struct result_field *field;
  size_t i = 0;
  for (; compare_figure(i, &section, &field); i++) {
    char path[RESULT_PATH_SIZE];
    assert_true(i < COMPARE_FIGURES_MAX);
    double value = result_field_read(field, struct_of(section));
    if (!(fabs(file.runs[0].figures[i] - value) <= 0))
      fail_msg("compare reads %f for %s", file.runs[0].figures[i], result_field_path(section, field, path));
  }
  assert_true(i > 300);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_number_is_in_the_json),
      cmocka_unit_test(every_number_is_in_the_csv),
      cmocka_unit_test(every_number_can_be_a_condition),
      cmocka_unit_test(every_number_is_read_back_by_compare),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
