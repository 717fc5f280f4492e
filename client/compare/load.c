/* Reading result files. What an older version did not write is missing and no error; what has the wrong type is. */
#include "client/compare/load.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/compare/file_look.h"
#include "client/compare/page_results.h"
#include "client/compare/slices.h"
#include "common/memory/memory.h"
#include "common/text/safe_text.h"

#define RUNS_MAX        1024
#define SHOWN_SIZE      256
#define PLACE_SIZE      96
#define HALF_SECOND_NS  5e8
#define READ_STEP_BYTES 65536
/* In ns 146 years, in bytes 4 EiB: beyond everything that can be measured, and not beyond a double. */
#define NUMBER_MAX 4611686018427387904.0

/* Where in which file something is being read. */
struct place {
  const struct compare_file *file;
  char name[PLACE_SIZE]; /* "runs[0].rtt_ns" */
  char *problem;
};

bool compare_figure(size_t index, const struct result_section **section, const struct result_field **field) {
  for (size_t i = 0; i < result_section_count; i++) {
    *section = &result_sections[i];
    if (index < result_sections[i].field_count) {
      *field = &result_sections[i].fields[index];
      return true;
    }
    index -= result_sections[i].field_count;
  }
  return false;
}

double compare_run_figure(const struct compare_run *run, const char *section_name, const char *field_name) {
  const struct result_section *section;
  const struct result_field *field;
  for (size_t i = 0; i < COMPARE_FIGURES_MAX && compare_figure(i, &section, &field); i++)
    if (section->parent == NULL && strcmp(section->name, section_name) == 0 && strcmp(field->name, field_name) == 0)
      return run->figures[i];
  return NAN;
}

__attribute__((format(__printf__, 3, 4))) static bool refuse(const struct compare_file *file, char *problem,
                                                             const char *format, ...) {
  char shown[SHOWN_SIZE];
  va_list arguments;
  safe_text_copy(file->path, strlen(file->path), shown, sizeof shown);
  int used = snprintf(problem, COMPARE_PROBLEM_SIZE, "'%s' ", shown);
  va_start(arguments, format);
  vsnprintf(problem + used, COMPARE_PROBLEM_SIZE - (size_t)used, format, arguments);
  va_end(arguments);
  return false;
}

static const char *type_name(const json_t *value) {
  switch (json_typeof(value)) {
    case JSON_OBJECT:
      return "an object";
    case JSON_ARRAY:
      return "an array";
    case JSON_STRING:
      return "a text";
    case JSON_INTEGER:
    case JSON_REAL:
      return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
      return "true or false";
    case JSON_NULL:
      return "null";
  }
  return "unknown";
}

static bool refuse_type(const struct place *place, const char *key, const json_t *value, const char *wanted) {
  return refuse(place->file, place->problem, "is no result file that can be compared: %s%s%s is %s, and %s is expected",
                place->name, place->name[0] == '\0' ? "" : ".", key, value == NULL ? "missing" : type_name(value),
                wanted);
}

static bool check_range(const struct place *place, const char *key, double value) {
  if (value < 0)
    return refuse(place->file, place->problem, "is no result file that can be compared: %s.%s is %g, below 0",
                  place->name, key, value);
  if (value > NUMBER_MAX)
    return refuse(place->file, place->problem,
                  "is no result file that can be compared: %s.%s is %g, more than can be measured", place->name, key,
                  value);
  return true;
}

/* A number that is not negative; NAN for null or nothing. */
static bool read_number(const struct place *place, const json_t *object, const char *key, double *out) {
  const json_t *value = json_object_get(object, key);
  *out = NAN;
  if (value == NULL || json_is_null(value)) return true;
  if (!json_is_number(value)) return refuse_type(place, key, value, "a number");
  *out = json_number_value(value);
  return check_range(place, key, *out);
}

/* One end of an interval, or a plain number; NAN for null or nothing. */
static bool read_field(const struct place *place, const json_t *object, const struct result_field *field, double *out) {
  const json_t *pair = json_object_get(object, field->name);
  *out = NAN;
  if (field->end == FIELD_ALONE) return read_number(place, object, field->name, out);
  if (pair == NULL || json_is_null(pair)) return true;
  const json_t *end = json_array_get(pair, field->end == FIELD_LOW ? 0 : 1);
  if (!json_is_number(end)) return refuse_type(place, field->name, pair, "a pair of numbers");
  *out = json_number_value(end);
  return check_range(place, field->name, *out);
}

/* The section's object, or NULL where it is null or missing: it did not apply, or the version did not know it. */
static bool find_section(const struct place *place, const json_t *run, const struct result_section *section,
                         const json_t **out) {
  const char *keys[] = {section->parent, section->name};
  *out = run;
  for (size_t i = 0; i < 2; i++) {
    if (keys[i] == NULL || keys[i][0] == '\0') continue;
    const json_t *inner = json_object_get(*out, keys[i]);
    *out = NULL;
    if (inner == NULL || json_is_null(inner)) return true;
    if (!json_is_object(inner)) return refuse_type(place, keys[i], inner, "an object");
    *out = inner;
  }
  return true;
}

static bool read_figures(const struct place *place, const json_t *object, struct compare_run *run) {
  const struct result_section *section;
  const struct result_field *field;
  for (size_t i = 0; i < COMPARE_FIGURES_MAX && compare_figure(i, &section, &field); i++) {
    struct place inner = *place;
    const json_t *holder;
    run->figures[i] = NAN;
    if (!find_section(place, object, section, &holder)) return false;
    snprintf(inner.name, sizeof inner.name, "%.32s.%.24s", place->name, section->name);
    if (holder != NULL && !read_field(&inner, holder, field, &run->figures[i])) return false;
  }
  return true;
}

static bool read_slice(const struct place *place, const json_t *object, struct compare_slice *slice) {
  const struct {
    const char *key;
    double *value;
  } numbers[] = {
      {"duration_ns", &slice->duration_ns}, {"round_trips", &slice->round_trips}, {"bytes_moved", &slice->bytes_moved},
      {"rtt_p50_ns", &slice->rtt_p50_ns},   {"rtt_p99_ns", &slice->rtt_p99_ns},
  };
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    if (!read_number(place, object, numbers[i].key, numbers[i].value)) return false;
  /* So it was called in version 0.1.0. */
  bool is_old = isnan(slice->bytes_moved);
  return !is_old || read_number(place, object, "bytes_received", &slice->bytes_moved);
}

static bool read_slices(const struct place *place, const json_t *object, struct compare_run *run) {
  const json_t *slices = json_object_get(object, "intervals");
  if (slices == NULL || json_is_null(slices)) return true;
  if (!json_is_array(slices)) return refuse_type(place, "intervals", slices, "an array");
  size_t count = json_array_size(slices);
  if (count == 0) return true;
  run->slices = memory_take_zeroed(count, sizeof *run->slices);
  if (run->slices == NULL) return refuse(place->file, place->problem, "has too many slices for this machine's memory");
  for (size_t i = 0; i < count; i++) {
    const json_t *slice = json_array_get(slices, i);
    struct place inner = *place;
    snprintf(inner.name, sizeof inner.name, "%.32s.intervals[%zu]", place->name, i);
    if (!json_is_object(slice)) return refuse_type(&inner, "", slice, "an object");
    if (!read_slice(&inner, slice, &run->slices[run->slice_count])) return false;
    /* The last slice may be a short remainder, which says little. */
    bool is_full = run->slices[run->slice_count].duration_ns >= HALF_SECOND_NS;
    if (is_full) run->slice_count++;
  }
  return true;
}

/* Anything that was counted: a distribution of something, or bytes that moved. */
static bool has_measured(const struct compare_run *run) {
  const struct result_section *section;
  const struct result_field *field;
  for (size_t i = 0; i < COMPARE_FIGURES_MAX && compare_figure(i, &section, &field); i++)
    if (result_section_is_distribution(section) && strcmp(field->name, "count") == 0 && run->figures[i] > 0)
      return true;
  return compare_run_figure(run, "throughput", "bits_per_second") > 0;
}

static bool read_end(const struct place *place, const json_t *object, struct compare_run *run) {
  const json_t *interrupted = json_object_get(object, "interrupted");
  run->is_interrupted = json_is_true(interrupted);
  if (interrupted == NULL || json_is_null(interrupted) || json_is_boolean(interrupted)) return true;
  return refuse_type(place, "interrupted", interrupted, "true or false");
}

static bool read_run(const struct place *place, const json_t *object, struct compare_run *run) {
  run->file = place->file;
  if (!json_is_object(object)) return refuse_type(place, "", object, "an object");
  run->workload = json_object_get(object, "workload");
  if (!json_is_object(run->workload)) return refuse_type(place, "workload", run->workload, "an object");
  const json_t *name = json_object_get(run->workload, "name");
  if (!json_is_string(name)) return refuse_type(place, "workload.name", name, "a text");
  const json_t *spec = json_object_get(json_object_get(object, "faults"), "spec");
  run->faults = json_is_string(spec) ? spec : NULL;
  if (!read_end(place, object, run) || !read_figures(place, object, run) || !read_slices(place, object, run))
    return false;
  run->is_measured = has_measured(run);
  if (compare_find_first(run)) return true;
  return refuse(place->file, place->problem, "has too many slices for this machine's memory");
}

/* What ended the measuring ended its last run. */
static bool read_failure(struct compare_file *file, char *problem) {
  struct place place = {.file = file, .problem = problem};
  const json_t *failure = json_object_get(file->root, "error");
  if (failure == NULL || json_is_null(failure)) return true;
  if (!json_is_object(failure)) return refuse_type(&place, "error", failure, "an object");
  file->runs[file->run_count - 1].failure = failure;
  return true;
}

/* Room for the next step in *bytes; NULL: none is to be had. */
static char *make_room(char **bytes, size_t length, size_t *room) {
  if (length < *room) return *bytes;
  size_t larger = *room == 0 ? READ_STEP_BYTES : *room * 2;
  if (larger > FILE_LOOK_BYTES_MAX) larger = FILE_LOOK_BYTES_MAX + READ_STEP_BYTES;
  char *moved = memory_grow(*bytes, larger);
  if (moved == NULL) return NULL;
  *bytes = moved;
  *room = larger;
  return moved;
}

/* A page of --html holds its result: of all its bytes that is left. */
static bool take_from_page(const struct compare_file *file, char *bytes, size_t *length, char *problem) {
  struct file_look look = {0};
  const char *result;
  size_t count = page_results(bytes, *length, &result, length);
  if (count == 0) return refuse(file, problem, "is a page without a result of loping in it");
  if (count > 1)
    return refuse(file, problem,
                  "is a page of %zu results, and one is wanted: download it from the page, and give that file", count);
  memmove(bytes, result, *length);
  enum file_look_finding finding = file_look_feed(&look, bytes, *length);
  return finding == FILE_LOOK_FINE || refuse(file, problem, "%s", file_look_text(finding));
}

/* Reads the whole file, as long as it may be one of loping's. The caller frees *bytes in every case. */
static bool read_bytes(const struct compare_file *file, char **bytes, size_t *length, char *problem) {
  struct file_look look = {0};
  enum file_look_finding finding = FILE_LOOK_FINE;
  size_t room = 0, got = 1;
  bool has_room = true, is_page = false;
  FILE *stream = fopen(file->path, "rb");
  *bytes = NULL;
  *length = 0;
  if (stream == NULL) return refuse(file, problem, "cannot be read: %s", uv_strerror(uv_translate_sys_error(errno)));
  while (got > 0 && finding == FILE_LOOK_FINE) {
    has_room = make_room(bytes, *length, &room) != NULL;
    if (!has_room) break;
    got = fread(*bytes + *length, 1, room - *length, stream);
    if (*length == 0) is_page = page_begins(*bytes, got);
    if (!is_page)
      finding = file_look_feed(&look, *bytes + *length, got);
    else if (*length + got > FILE_LOOK_BYTES_MAX)
      finding = FILE_LOOK_TOO_LARGE;
    *length += got;
  }
  bool has_failed = ferror(stream) != 0;
  int code = uv_translate_sys_error(errno);
  fclose(stream);
  if (has_failed) return refuse(file, problem, "cannot be read: %s", uv_strerror(code));
  if (!has_room) return refuse(file, problem, "does not fit into this machine's memory");
  if (finding != FILE_LOOK_FINE) return refuse(file, problem, "%s", file_look_text(finding));
  return !is_page || take_from_page(file, *bytes, length, problem);
}

static bool check_kind(const struct compare_file *file, char *problem) {
  struct place place = {.file = file, .problem = problem};
  const json_t *version = json_object_get(file->root, "schema_version");
  const json_t *tool = json_object_get(file->root, "tool");
  const json_t *runs = json_object_get(file->root, "runs");
  if (!json_is_object(file->root)) return refuse(file, problem, "is no result file: it holds no JSON object");
  if (!json_is_integer(version)) return refuse_type(&place, "schema_version", version, "a number");
  if (json_integer_value(version) != RESULT_SCHEMA_VERSION)
    return refuse(file, problem, "has schema version %lld, and this loping reads %d; use the loping that wrote it",
                  (long long)json_integer_value(version), RESULT_SCHEMA_VERSION);
  if (tool != NULL && (!json_is_string(tool) || strcmp(json_string_value(tool), "loping") != 0))
    return refuse(file, problem, "is no result file of loping: its \"tool\" is another");
  if (!json_is_array(runs)) return refuse_type(&place, "runs", runs, "an array");
  if (json_array_size(runs) == 0)
    return refuse(file, problem, "holds no runs: nothing was measured, so there is nothing to compare");
  if (json_array_size(runs) > RUNS_MAX)
    return refuse(file, problem, "holds %zu runs; at most %d are compared", json_array_size(runs), RUNS_MAX);
  return true;
}

bool compare_file_parse(const char *path, const char *bytes, size_t length, struct compare_file *file, char *problem) {
  json_error_t error;
  memset(file, 0, sizeof *file);
  file->path = path;
  file->root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
  if (file->root == NULL) {
    char shown[SHOWN_SIZE];
    safe_text_copy(error.text, strlen(error.text), shown, sizeof shown);
    return refuse(file, problem, "is not JSON: line %d, column %d: %s", error.line, error.column, shown);
  }
  if (!check_kind(file, problem)) return false;
  const json_t *runs = json_object_get(file->root, "runs");
  size_t count = json_array_size(runs);
  file->runs = memory_take_zeroed(count, sizeof *file->runs);
  if (file->runs == NULL) return refuse(file, problem, "has too many runs for this machine's memory");
  for (; file->run_count < count; file->run_count++) {
    struct place place = {.file = file, .problem = problem};
    snprintf(place.name, sizeof place.name, "runs[%zu]", file->run_count);
    if (read_run(&place, json_array_get(runs, file->run_count), &file->runs[file->run_count])) continue;
    /* Its slices are to be freed, too. */
    file->run_count++;
    return false;
  }
  return read_failure(file, problem);
}

bool compare_file_load(const char *path, struct compare_file *file, char *problem) {
  char *bytes;
  size_t length;
  memset(file, 0, sizeof *file);
  file->path = path;
  bool is_fine = read_bytes(file, &bytes, &length, problem) &&
                 compare_file_parse(path, bytes == NULL ? "" : bytes, length, file, problem);
  free(bytes);
  return is_fine;
}

void compare_file_free(struct compare_file *file) {
  for (size_t i = 0; i < file->run_count; i++)
    free(file->runs[i].slices);
  free(file->runs);
  json_decref(file->root);
  memset(file, 0, sizeof *file);
}
