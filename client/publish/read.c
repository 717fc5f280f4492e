/* See read.h. */
#include "client/publish/read.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/text/units.h"

/* In ns 146 years, in bytes 4 EiB. */
#define NUMBER_MOST 4611686018427387904.0

double read_number(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  if (!json_is_number(value)) return NAN;
  double number = json_number_value(value);
  return number >= 0 && number <= NUMBER_MOST ? number : NAN;
}

const char *read_text(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  return json_is_string(value) ? json_string_value(value) : "";
}

const json_t *read_group(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  return json_is_object(value) || json_is_array(value) ? value : NULL;
}

double read_figure(const json_t *run, const struct result_section *section, const struct result_field *field) {
  const json_t *holder = run;
  if (section->parent != NULL) holder = read_group(holder, section->parent);
  if (section->name[0] != '\0') holder = read_group(holder, section->name);
  if (field->end == FIELD_ALONE) return read_number(holder, field->name);
  const json_t *end = json_array_get(json_object_get(holder, field->name), field->end == FIELD_LOW ? 0 : 1);
  return json_is_number(end) ? json_number_value(end) : NAN;
}

double read_figure_named(const json_t *run, const char *section, const char *field) {
  const char *dot = strchr(section, '.');
  char parent[64];
  if (dot == NULL) return read_number(read_group(run, section), field);
  snprintf(parent, sizeof parent, "%.*s", (int)(dot - section), section);
  return read_number(read_group(read_group(run, parent), dot + 1), field);
}

static bool is_same_workload(const json_t *one, const json_t *other) {
  static const char *const texts[] = {"name", "direction", "transport"};
  const json_t *mine = read_group(one, "workload"), *theirs = read_group(other, "workload");
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    if (strcmp(read_text(mine, texts[i]), read_text(theirs, texts[i])) != 0) return false;
  return json_equal(json_object_get(mine, "payload_bytes"), json_object_get(theirs, "payload_bytes"));
}

const json_t *read_same_run(const json_t *result, const json_t *run, size_t *number) {
  const json_t *runs = read_group(result, "runs"), *there = json_array_get(runs, *number);
  if (there != NULL && is_same_workload(run, there)) return there;
  for (*number = 0; *number < json_array_size(runs); (*number)++)
    if (is_same_workload(run, json_array_get(runs, *number))) return json_array_get(runs, *number);
  return NULL;
}

bool read_is_stream(const json_t *run) {
  return read_group(run, "throughput") != NULL && read_group(run, "rtt_ns") == NULL &&
         read_group(run, "transaction_ns") == NULL;
}

const char *read_title(const json_t *run, char out[READ_TITLE_SIZE]) {
  const json_t *workload = read_group(run, "workload");
  double port = read_number(workload, "port");
  const char *address = read_text(workload, "address");
  bool has_brackets = strchr(address, ':') != NULL && !isnan(port);
  const char *direction = read_text(workload, "direction");
  int used =
      snprintf(out, READ_TITLE_SIZE, "%.64s%s%.32s to %s%.256s%s", read_text(workload, "name"),
               direction[0] == '\0' ? "" : " ", direction, has_brackets ? "[" : "", address, has_brackets ? "]" : "");
  if (!isnan(port) && port > 0 && used < READ_TITLE_SIZE)
    used += snprintf(out + used, READ_TITLE_SIZE - (size_t)used, ":%.0f", port);
  if (used < READ_TITLE_SIZE)
    snprintf(out + used, READ_TITLE_SIZE - (size_t)used, " (%.16s)", read_text(workload, "transport"));
  return out;
}

/* Appends as printf() does, cut where it ends. */
__attribute__((format(__printf__, 2, 3))) static void append(char out[READ_TITLE_SIZE], const char *format, ...) {
  size_t used = strlen(out);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(out + used, READ_TITLE_SIZE - used, format, arguments);
  va_end(arguments);
}

static void append_load(const json_t *run, const json_t *workload, char out[READ_TITLE_SIZE]) {
  char size[UNITS_TEXT_SIZE], count[UNITS_TEXT_SIZE];
  double bytes = read_number(workload, "payload_bytes"), connections = read_number(workload, "connections");
  double depth = read_number(workload, "depth"), rate = read_number(workload, "rate_per_second");
  if (isnan(bytes)) return;
  units_format_size((uint64_t)bytes, size);
  if (read_is_stream(run))
    append(out, "a stream in writes of %s", size);
  else
    append(out, "round trips of %s", size);
  if (connections > 1) append(out, ", %s connections", units_format_count((uint64_t)connections, count));
  if (depth > 1) append(out, ", %s in flight on each", units_format_count((uint64_t)depth, count));
  if (rate > 0) append(out, ", %s a second by a schedule (open loop)", units_format_rate(rate, count));
  if (connections == 1 && depth == 1 && isnan(rate)) append(out, ", one at a time");
}

const char *read_conditions(const json_t *run, char out[READ_TITLE_SIZE]) {
  char text[UNITS_TEXT_SIZE];
  const json_t *workload = read_group(run, "workload");
  double duration = read_number(workload, "duration_ns"), warmup = read_number(workload, "warmup_ns");
  out[0] = '\0';
  append_load(run, workload, out);
  if (!isnan(duration)) append(out, "%s%s", out[0] == '\0' ? "" : "; ", units_format_duration(duration, text));
  if (warmup > 0) append(out, " after %s of warm-up, which is left out", units_format_duration(warmup, text));
  return out;
}

double read_errors(const json_t *run) {
  static const char *const names[] = {"lost", "duplicated", "corrupted", "timed_out", "connection_failures"};
  double sum = 0;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    double value = read_figure_named(run, "errors", names[i]);
    if (!isnan(value)) sum += value;
  }
  return sum;
}
