/* See announce_schema.h; beside announce_json.c, which writes the events. The summary's rows are those that it walks.
 */
#include "server/say/announce_schema.h"

#include "common/explain/explanation_schema.h"
#include "common/wire/fault_report.h"
#include "server/say/server_stats.h"

#define EVENT(names) \
  { "event", SCHEMA_TEXT, "The name of the event.", NULL, names, NULL }

static const char *const listening_names[] = {"listening", NULL};
static const char *const failed_names[] = {"bind_failed", NULL};
static const char *const opened_names[] = {"connection_opened", NULL};
static const char *const closed_names[] = {"connection_closed", NULL};
static const char *const summary_names[] = {"summary", NULL};
static const char *const browser_names[] = {"browser_came", NULL};
static const char *const left_out_names[] = {"lines_left_out", NULL};

#define ENDPOINT(names)                                                                                           \
  EVENT(names), {"transport", SCHEMA_TEXT, "What it is served over.", NULL, explanation_schema_transports, NULL}, \
      {"address", SCHEMA_TEXT, "The address, or the path of a unix socket.", NULL, NULL, NULL},                   \
      {"port", SCHEMA_WHOLE | SCHEMA_NULL, "The port; null for a unix socket.", NULL, NULL, NULL}, {              \
    "pid", SCHEMA_WHOLE, "The process number of lopong.", NULL, NULL, NULL                                        \
  }

#define FAULTS                                                                               \
  {"spec", SCHEMA_TEXT, "What --fault asks for.", NULL, NULL, NULL}, {                       \
    "seed", SCHEMA_WHOLE, "--fault-seed: the same again decides the same.", NULL, NULL, NULL \
  }

static const struct schema_field faults_fields[] = {FAULTS};

static const struct schema_object faults_on = {"faults_on", "Failures that lopong makes on purpose.", NULL,
                                               SCHEMA_FIELDS(faults_fields), NULL};

static const struct schema_field listening_fields[] = {
    ENDPOINT(listening_names),
    {"faults", SCHEMA_OBJECT | SCHEMA_NULL, "What --fault asks for; null without.", &faults_on, NULL, NULL},
};

static const struct schema_object listening = {"listening", "An endpoint is ready.", NULL,
                                               SCHEMA_FIELDS(listening_fields), NULL};

static const struct schema_field failed_fields[] = {
    ENDPOINT(failed_names),
    {"error", SCHEMA_OBJECT, "Why, and what to do.", &explanation_schema_error, NULL, NULL},
};

static const struct schema_object bind_failed = {"bind_failed", "An endpoint cannot be had.", NULL,
                                                 SCHEMA_FIELDS(failed_fields), NULL};

static const struct schema_field opened_fields[] = {
    EVENT(opened_names),
    {"connection", SCHEMA_WHOLE, "The number of the connection, from 1 on.", NULL, NULL, NULL},
    {"transport", SCHEMA_TEXT, "What it came over.", NULL, explanation_schema_transports, NULL},
    {"peer", SCHEMA_TEXT, "Where it came from.", NULL, NULL, NULL},
};

static const struct schema_object opened = {"connection_opened", "With --verbose: a connection is open.", NULL,
                                            SCHEMA_FIELDS(opened_fields), NULL};

static const struct schema_field closed_fields[] = {
    EVENT(closed_names),
    {"connection", SCHEMA_WHOLE, "The number of the connection, from 1 on.", NULL, NULL, NULL},
    {"transport", SCHEMA_TEXT, "What it came over.", NULL, explanation_schema_transports, NULL},
    {"peer", SCHEMA_TEXT, "Where it came from.", NULL, NULL, NULL},
    {"bytes_in", SCHEMA_WHOLE, "Bytes that came, hello included.", NULL, NULL, NULL},
    {"bytes_out", SCHEMA_WHOLE, "Bytes that were sent.", NULL, NULL, NULL},
    {"messages", SCHEMA_WHOLE, "Reads that were answered or counted; in a session frames.", NULL, NULL, NULL},
    {"open_ns", SCHEMA_WHOLE, "How long it was open, in nanoseconds.", NULL, NULL, NULL},
    {"reason", SCHEMA_TEXT, "Why it was closed.", NULL, NULL, NULL},
};

static const struct schema_object closed = {"connection_closed", "With --verbose: a connection is closed.", NULL,
                                            SCHEMA_FIELDS(closed_fields), NULL};

static const char *fault_at(size_t index) {
  return index < WIRE_FAULT_COUNT ? wire_fault_name((enum wire_fault)index) : NULL;
}

static const struct schema_field injected_fields[] = {
    {"fault", SCHEMA_TEXT, "Which.", NULL, NULL, fault_at},
    {"count", SCHEMA_WHOLE, "Answers that it befell, or connections.", NULL, NULL, NULL},
    {"held_ns", SCHEMA_WHOLE, "Of delay and stall: how long they were held, in all, in nanoseconds.", NULL, NULL, NULL},
};

static const struct schema_object injected = {"fault_injected", "One fault that came about.", NULL,
                                              SCHEMA_FIELDS(injected_fields), NULL};

static const struct schema_field counted_fields[] = {
    FAULTS,
    {"no_room", SCHEMA_WHOLE, "Answers that were lost as too many were held; by none of the faults.", NULL, NULL, NULL},
    {"injected", SCHEMA_OBJECT | SCHEMA_LIST, "Those that came about.", &injected, NULL, NULL},
};

static const struct schema_object faults_counted = {"faults_counted", "Failures that lopong made on purpose, counted.",
                                                    NULL, SCHEMA_FIELDS(counted_fields), NULL};

static const struct schema_field summary_fields[] = {
    EVENT(summary_names),
    {"faults", SCHEMA_OBJECT | SCHEMA_NULL, "What --fault did; null without.", &faults_counted, NULL, NULL},
    {"run_ns", SCHEMA_WHOLE, "How long lopong ran, in nanoseconds.", NULL, NULL, NULL},
};

static void add_counters(json_t *definition, json_t *definitions) {
  for (size_t i = 0; i < server_stats_row_count; i++) {
    const struct schema_field field = {
        .name = server_stats_rows[i].json_name, .types = SCHEMA_WHOLE, .meaning = server_stats_rows[i].meaning};
    schema_add_field(definition, definitions, &field);
  }
}

static const struct schema_object summary = {"summary", "What was counted, at the end.", NULL,
                                             SCHEMA_FIELDS(summary_fields), add_counters};

static const char *const evidence_names[] = {"User-Agent", "Accept", NULL};

static const struct schema_field browser_fields[] = {
    EVENT(browser_names),
    {"connection", SCHEMA_WHOLE, "The number of the connection, from 1 on.", NULL, NULL, NULL},
    {"field", SCHEMA_TEXT, "The field of its request that is a browser's.", NULL, evidence_names, NULL},
};

static const struct schema_object browser_came = {
    "browser_came", "Without --http: the first connection of a browser, whose bytes are echoed.", NULL,
    SCHEMA_FIELDS(browser_fields), NULL};

static const struct schema_field left_out_fields[] = {
    EVENT(left_out_names),
    {"lines", SCHEMA_WHOLE, "How many.", NULL, NULL, NULL},
};

static const struct schema_object left_out = {"lines_left_out", "Events are missing here: nobody read them in time.",
                                              NULL, SCHEMA_FIELDS(left_out_fields), NULL};

json_t *announce_schema_make(void) {
  static const struct schema_object *const events[] = {&listening, &bind_failed,  &opened,  &closed,
                                                       &summary,   &browser_came, &left_out};
  return schema_make("A line of lopong's --json", events, sizeof events / sizeof events[0]);
}
