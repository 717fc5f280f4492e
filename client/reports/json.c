/* Writes the result file. Walks the rows of result_fields; knows no socket. */
#include "client/reports/json.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/reports/faults.h"
#include "client/reports/json_environment.h"
#include "client/reports/json_values.h"
#include "client/reports/json_workload.h"
#include "client/result/confidence.h"
#include "client/result/figures.h"
#include "common/text/clock.h"
#include "common/text/json_line.h"
#include "common/text/json_text.h"
#include "common/text/version.h"

static json_t *field_value(const struct result_field *field, const void *at) {
  if (!result_field_is_known(field, at)) return json_null();
  return json_value_number(result_field_read(field, at), result_field_is_whole(field));
}

/* Low and high stand side by side in the table, and become one pair. */
static json_t *pair_value(const struct result_field *low, const void *at) {
  if (!result_field_is_known(low, at)) return json_null();
  json_t *pair = json_array();
  json_array_append_new(pair, field_value(low, at));
  json_array_append_new(pair, field_value(low + 1, at));
  return pair;
}

/* `at` NULL: none of them applies. */
static void add_fields(json_t *object, const struct result_field *fields, size_t count, const void *at) {
  for (size_t i = 0; i < count; i++) {
    if (fields[i].end == FIELD_HIGH) continue;
    json_t *value = at == NULL                   ? json_null()
                    : fields[i].end == FIELD_LOW ? pair_value(&fields[i], at)
                                                 : field_value(&fields[i], at);
    json_object_set_new(object, fields[i].name, value);
  }
}

static bool group_applies(const char *parent, const struct result_run *run) {
  for (size_t i = 0; i < result_section_count; i++) {
    const struct result_section *section = &result_sections[i];
    bool is_in = section->parent != NULL && strcmp(section->parent, parent) == 0;
    if (is_in && result_section_applies(section, run)) return true;
  }
  return false;
}

/* The object that the section stands in; NULL where that is null. */
static json_t *parent_of(json_t *object, const struct result_section *section, const struct result_run *run) {
  if (section->parent == NULL) return object;
  json_t *parent = json_object_get(object, section->parent);
  /* A group is null as a whole until one of its sections applies. */
  if (parent == NULL) {
    parent = group_applies(section->parent, run) ? json_object() : json_null();
    json_object_set_new(object, section->parent, parent);
  }
  return json_is_object(parent) ? parent : NULL;
}

static void add_sections(json_t *object, const struct result_run *run) {
  for (size_t i = 0; i < result_section_count; i++) {
    const struct result_section *section = &result_sections[i];
    json_t *into = parent_of(object, section, run);
    if (into == NULL) continue;
    bool applies = result_section_applies(section, run);
    bool has_object = section->name[0] != '\0';
    if (has_object && !applies) {
      json_object_set_new(into, section->name, json_null());
      continue;
    }
    if (has_object) {
      json_t *own = json_object();
      json_object_set_new(into, section->name, own);
      into = own;
    }
    add_fields(into, section->fields, section->field_count, applies ? (const char *)run + section->offset : NULL);
  }
}

static json_t *histogram_array(const struct histogram *histogram) {
  if (histogram == NULL) return json_null();
  json_t *array = json_array();
  size_t cursor = 0;
  uint64_t upper_ns, count;
  while (histogram_next(histogram, &cursor, &upper_ns, &count)) {
    json_t *pair = json_array();
    json_array_append_new(pair, json_value_whole(upper_ns));
    json_array_append_new(pair, json_value_whole(count));
    json_array_append_new(array, pair);
  }
  return array;
}

/* Pairs [percent, ns], in the order that they were asked for. */
static json_t *percentiles_array(const struct result_run *run, bool is_response) {
  if (run->percentile_count == 0 || (is_response && !result_has(run, FIGURE_RESPONSE))) return json_null();
  json_t *array = json_array();
  for (size_t i = 0; i < run->percentile_count; i++) {
    const struct result_percentile *one = &run->percentiles[i];
    json_t *pair = json_array();
    json_array_append_new(pair, json_value_number(one->percent, false));
    json_array_append_new(pair, json_value_whole(is_response ? one->response_ns : one->rtt_ns));
    json_array_append_new(array, pair);
  }
  return array;
}

static json_t *interval_object(const struct result_interval *interval) {
  json_t *object = json_object();
  add_fields(object, result_interval_fields, result_interval_field_count, interval);
  return object;
}

static json_t *run_object(const struct result_run *run) {
  json_t *object = json_object();
  json_t *intervals = json_array();
  json_t *notes = json_array();
  for (size_t i = 0; i < run->interval_count; i++)
    json_array_append_new(intervals, interval_object(&run->intervals[i]));
  for (size_t i = 0; i < run->note_count; i++)
    json_array_append_new(notes, json_text(run->notes[i]));
  json_object_set_new(object, "workload", json_workload_object(&run->workload));
  json_object_set_new(object, "peer", json_peer_object(&run->peer));
  json_object_set_new(object, "interrupted", json_boolean(run->is_interrupted));
  json_object_set_new(object, "faults", report_faults_json(run));
  add_sections(object, run);
  json_t *confidence = json_object_get(object, "confidence");
  if (json_is_object(confidence)) json_object_set_new(confidence, "method", json_string(CONFIDENCE_METHOD));
  json_object_set_new(object, "percentiles", percentiles_array(run, false));
  json_object_set_new(object, "response_percentiles", percentiles_array(run, true));
  json_object_set_new(object, "histogram", histogram_array(run->rtt_histogram));
  json_object_set_new(object, "response_histogram", histogram_array(run->response_histogram));
  json_object_set_new(object, "intervals", intervals);
  json_object_set_new(object, "notes", notes);
  return object;
}

json_t *report_json_object(const struct result *result) {
  char started_at[CLOCK_UTC_TEXT_SIZE];
  json_t *object = json_object();
  json_t *command_line = json_array();
  json_t *runs = json_array();
  clock_utc_text(result->started_at, started_at);
  for (int i = 0; i < result->argument_count; i++) {
    json_t *argument = json_text(result->arguments[i]);
    json_array_append_new(command_line, json_is_null(argument) ? json_string("") : argument);
  }
  for (size_t i = 0; i < result->run_count; i++)
    json_array_append_new(runs, run_object(&result->runs[i]));
  json_object_set_new(object, "schema_version", json_integer(RESULT_SCHEMA_VERSION));
  json_object_set_new(object, "tool", json_string("loping"));
  json_object_set_new(object, "version", json_string(LOPING_VERSION));
  json_object_set_new(object, "command_line", command_line);
  json_object_set_new(object, "started_at", json_string(started_at));
  json_object_set_new(object, "environment", json_environment_object(&result->environment));
  json_object_set_new(object, "runs", runs);
  json_object_set_new(object, "error",
                      result->has_failed ? explain_to_json(&result->failure, result->sockets) : json_null());
  return object;
}

/* Writes a line and gives up the object. */
static int write_line(json_t *object, FILE *file) {
  char *line = json_line_make(object);
  if (line == NULL) return UV_ENOMEM;
  errno = 0;
  bool is_written = fputs(line, file) != EOF && fflush(file) == 0 && !ferror(file);
  free(line);
  if (is_written) return 0;
  return errno != 0 ? uv_translate_sys_error(errno) : UV_EIO;
}

/* What kind of event it is stands first. */
static json_t *event_object(const char *event, json_t *rest) {
  json_t *object = json_object();
  json_object_set_new(object, "event", json_string(event));
  if (rest == NULL || json_object_update(object, rest) != 0) {
    json_decref(object);
    object = NULL;
  }
  json_decref(rest);
  return object;
}

int report_json_write(const struct result *result, FILE *file) {
  return write_line(report_json_object(result), file);
}

int report_json_write_interval_event(size_t run, const char *workload, const struct result_interval *interval,
                                     FILE *file) {
  json_t *where = json_object();
  json_t *figures = interval_object(interval);
  json_object_set_new(where, "run", json_value_whole(run));
  json_object_set_new(where, "workload", json_string(workload));
  json_object_update(where, figures);
  json_decref(figures);
  return write_line(event_object("interval", where), file);
}

int report_json_write_last_event(const struct result *result, FILE *file) {
  return write_line(event_object("result", report_json_object(result)), file);
}
