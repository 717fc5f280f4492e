/* See json_schema.h. The figures' rows are those that json.c walks; what it writes field by field stands here once
 * more, in its order. */
#include "client/reports/json_schema.h"

#include <stdbool.h>
#include <string.h>

#include "client/reports/faults.h"
#include "client/reports/json_workload.h"
#include "client/result/figures.h"
#include "common/explain/explanation_schema.h"

#define DISTRIBUTION "distribution"

static unsigned types_of(const struct result_field *field) {
  unsigned number = result_field_is_whole(field) ? SCHEMA_WHOLE : SCHEMA_NUMBER;
  if (field->end == FIELD_LOW) number |= SCHEMA_PAIR;
  return field->presence == FIELD_ALWAYS ? number : number | SCHEMA_NULL;
}

/* Low and high have one name, and make one pair. */
static void add_figures(json_t *definition, json_t *definitions, const struct result_field *fields, size_t count,
                        bool may_be_null) {
  for (size_t i = 0; i < count; i++) {
    if (fields[i].end == FIELD_HIGH) continue;
    const struct schema_field field = {.name = fields[i].name,
                                       .types = types_of(&fields[i]) | (may_be_null ? SCHEMA_NULL : 0),
                                       .meaning = fields[i].meaning};
    schema_add_field(definition, definitions, &field);
  }
}

static void add_interval(json_t *definition, json_t *definitions) {
  add_figures(definition, definitions, result_interval_fields, result_interval_field_count, false);
}

static const struct schema_object interval = {
    "interval", "One second of a run. A remainder below 100 ms is left out.", NULL, NULL, 0, add_interval};

static const char *group_meaning(const char *name) {
  for (size_t i = 0; i < result_group_count; i++)
    if (strcmp(result_groups[i].name, name) == 0) return result_groups[i].meaning;
  return "";
}

/* The object that a section stands in; the run itself where it names none. An object of that name may be a section's
 * that was before. */
static json_t *parent_of(json_t *definition, json_t *definitions, const struct result_section *section) {
  if (section->parent == NULL) return definition;
  json_t *parent = json_object_get(definitions, section->parent);
  if (parent != NULL) return parent;
  const char *meaning = group_meaning(section->parent);
  schema_add_object(definition, section->parent, schema_refer(section->parent, meaning, true));
  parent = schema_begin_object(meaning);
  json_object_set_new(definitions, section->parent, parent);
  return parent;
}

static void add_section(json_t *definition, json_t *definitions, const struct result_section *section) {
  bool is_distribution = result_section_is_distribution(section);
  const char *kind = is_distribution ? DISTRIBUTION : section->name;
  json_t *into = parent_of(definition, definitions, section);
  /* Fields without an object of their own are null where they do not apply. */
  if (section->name[0] == '\0') {
    add_figures(into, definitions, section->fields, section->field_count, section->parent == NULL);
    return;
  }
  schema_add_object(into, section->name, schema_refer(kind, section->meaning, true));
  if (json_object_get(definitions, kind) != NULL) return;
  json_t *object =
      schema_begin_object(is_distribution ? "How long something took, of all of them: nothing is thrown away. "
                                            "Percentiles have 3 significant digits."
                                          : section->meaning);
  json_object_set_new(definitions, kind, object);
  add_figures(object, definitions, section->fields, section->field_count, false);
}

/* What stands in a run beside the figures. */
static const struct schema_field run_end_fields[] = {
    {"percentiles", SCHEMA_LIST | SCHEMA_PAIR | SCHEMA_NUMBER | SCHEMA_NULL,
     "What --percentiles asked for, of the round trip: pairs of percent and nanoseconds.", NULL, NULL, NULL},
    {"response_percentiles", SCHEMA_LIST | SCHEMA_PAIR | SCHEMA_NUMBER | SCHEMA_NULL,
     "The same of the response time of an open loop.", NULL, NULL, NULL},
    {"histogram", SCHEMA_LIST | SCHEMA_PAIR | SCHEMA_WHOLE | SCHEMA_NULL,
     "Pairs of a time in nanoseconds, rising, and how many round trips took at most that long and more than the time "
     "before.",
     NULL, NULL, NULL},
    {"response_histogram", SCHEMA_LIST | SCHEMA_PAIR | SCHEMA_WHOLE | SCHEMA_NULL,
     "The same of the response time of an open loop.", NULL, NULL, NULL},
    {"intervals", SCHEMA_LIST | SCHEMA_OBJECT, "The run second by second.", &interval, NULL, NULL},
    {"notes", SCHEMA_LIST | SCHEMA_TEXT, "What to know of this result, a sentence each.", NULL, NULL, NULL},
};

static void add_run_figures(json_t *definition, json_t *definitions) {
  static const struct schema_field method = {
      .name = "method", .types = SCHEMA_TEXT, .meaning = "How the intervals were computed."};
  for (size_t i = 0; i < result_section_count; i++)
    add_section(definition, definitions, &result_sections[i]);
  schema_add_field(json_object_get(definitions, "confidence"), definitions, &method);
  for (size_t i = 0; i < sizeof run_end_fields / sizeof run_end_fields[0]; i++)
    schema_add_field(definition, definitions, &run_end_fields[i]);
}

static const struct schema_field run_fields[] = {
    {"workload", SCHEMA_OBJECT, "What was measured.", &json_schema_workload, NULL, NULL},
    {"peer", SCHEMA_OBJECT, "The server.", &json_schema_peer, NULL, NULL},
    {"interrupted", SCHEMA_TRUTH, "Ctrl-C, SIGTERM or SIGHUP ended the run before its time.", NULL, NULL, NULL},
    {"faults", SCHEMA_OBJECT | SCHEMA_NULL, "What the server did wrong on purpose; null where it serves well.",
     &report_faults_schema, NULL, NULL},
};

static const struct schema_object run = {"run", "One measurement. What does not apply is null.", NULL,
                                         SCHEMA_FIELDS(run_fields), add_run_figures};

static const char *const tools[] = {"loping", NULL};

static const struct schema_field result_fields[] = {
    {"schema_version", SCHEMA_WHOLE, "The version of this format: 1.", NULL, NULL, NULL},
    {"tool", SCHEMA_TEXT, "What wrote it.", NULL, tools, NULL},
    {"version", SCHEMA_TEXT, "The version of loping.", NULL, NULL, NULL},
    {"command_line", SCHEMA_LIST | SCHEMA_TEXT, "The program and its arguments, as they were typed.", NULL, NULL, NULL},
    {"started_at", SCHEMA_TIME, "When it began.", NULL, NULL, NULL},
    {"environment", SCHEMA_OBJECT, "The machine.", &json_schema_environment, NULL, NULL},
    {"runs", SCHEMA_LIST | SCHEMA_OBJECT, "The measurements, in their order.", &run, NULL, NULL},
    {"error", SCHEMA_OBJECT | SCHEMA_NULL, "Why it failed; null where it did not.", &explanation_schema_error, NULL,
     NULL},
};

const struct schema_object json_schema_result = {
    "result", "The result file of a measuring command, valid also after an error or Ctrl-C.", NULL,
    SCHEMA_FIELDS(result_fields), NULL};

static const char *const interval_names[] = {"interval", NULL};
static const char *const result_names[] = {"result", NULL};

static const struct schema_field interval_event_fields[] = {
    {"event", SCHEMA_TEXT, "The name of the event.", NULL, interval_names, NULL},
    {"run", SCHEMA_WHOLE, "Which of runs[] it belongs to, from 0 on.", NULL, NULL, NULL},
    {"workload", SCHEMA_TEXT, "The name of that run's workload.", NULL, NULL, NULL},
};

const struct schema_object json_schema_interval_event = {"interval_event", "A line of --json-stream: a second is over.",
                                                         NULL, SCHEMA_FIELDS(interval_event_fields), add_interval};

static const struct schema_field result_event_fields[] = {
    {"event", SCHEMA_TEXT, "The name of the event.", NULL, result_names, NULL},
};

static const struct schema_object result_event_begin = {"result_event", "", NULL, SCHEMA_FIELDS(result_event_fields),
                                                        NULL};

const struct schema_object json_schema_result_event = {"result_event",
                                                       "The last line of --json-stream: the whole result.",
                                                       &result_event_begin, SCHEMA_FIELDS(result_fields), NULL};
