/* See faults.h. Knows results, never a socket. */
#include "client/reports/faults.h"

#include <inttypes.h>
#include <string.h>

#include "client/reports/json_values.h"
#include "client/reports/paragraph.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

#define SPEC_SHOWN_SIZE (4 * WIRE_FAULT_SPEC_SIZE)
#define LINE_SIZE       1024

static const struct {
  const char *one, *many, *seen;
} words[WIRE_FAULT_COUNT] = {
    [WIRE_FAULT_DELAY] = {"delay", "delays", "seen"},
    [WIRE_FAULT_STALL] = {"stalled answer", "stalled answers", "seen"},
    [WIRE_FAULT_DROP] = {"drop", "drops", "seen lost"},
    [WIRE_FAULT_DUPLICATE] = {"extra copy", "extra copies", "seen"},
    [WIRE_FAULT_REORDER] = {"answer out of order", "answers out of order", "seen"},
    [WIRE_FAULT_CORRUPT] = {"corrupted answer", "corrupted answers", "seen"},
    [WIRE_FAULT_TRUNCATE] = {"answer cut short", "answers cut short", "seen"},
    [WIRE_FAULT_RESET] = {"reset", "resets", "seen"},
    [WIRE_FAULT_STOP_READING] = {"connection read no more", "connections read no more", "seen"},
    [WIRE_FAULT_SLOW_ACCEPT] = {"connection taken slowly", "connections taken slowly", "seen"},
    [WIRE_FAULT_SILENT] = {"message ignored", "messages ignored", "seen"},
    [WIRE_FAULT_REFUSE] = {"refusal", "refusals", "seen"},
    [WIRE_FAULT_CLOSE] = {"connection closed at once", "connections closed at once", "seen"},
    [WIRE_FAULT_GREET] = {"greeting", "greetings", "seen"},
};

/* What another program sent. */
static const char *spec_of(const struct result_run *run, char out[SPEC_SHOWN_SIZE]) {
  safe_text_copy(run->faults.injected.spec, strlen(run->faults.injected.spec), out, SPEC_SHOWN_SIZE);
  return out[0] != '\0' ? out : "not told which";
}

void report_faults_write_on(const struct result_run *run, FILE *file) {
  char spec[SPEC_SHOWN_SIZE];
  if (!run->faults.is_on) return;
  fprintf(file, ", faults on: %s, seed %" PRIu64, spec_of(run, spec), run->faults.injected.seed);
}

static bool is_row(const struct result_faults *faults, int fault) {
  return faults->is_asked[fault] || faults->injected.counts[fault].count > 0;
}

static size_t put_held(const struct wire_fault_count *row, const char *what, char *line, size_t size) {
  char held[UNITS_TEXT_SIZE];
  if (row->held_ns == 0 || row->count == 0) return 0;
  units_format_duration((double)row->held_ns / (double)row->count, held);
  return (size_t)snprintf(line, size, "%s%s on average", what, held);
}

static size_t put_row(const struct result_faults *faults, int fault, char *line, size_t size) {
  char injected[UNITS_COUNTED_SIZE], seen[UNITS_TEXT_SIZE];
  const struct wire_fault_count *theirs = &faults->injected.counts[fault], *ours = &faults->seen[fault];
  size_t used;
  if (wire_fault_is_hidden(faults->injected.spec, (enum wire_fault)fault)) {
    used = (size_t)snprintf(line, size, "how many %s were injected is hidden", words[fault].many);
  } else {
    units_format_counted(theirs->count, words[fault].one, words[fault].many, injected);
    used = (size_t)snprintf(line, size, "injected %s", injected);
  }
  used += put_held(theirs, " of ", line + used, size - used);
  if (!faults->can_see[fault]) return used;
  used +=
      (size_t)snprintf(line + used, size - used, ", %s %s", words[fault].seen, units_format_count(ours->count, seen));
  return used + put_held(ours, ", round trips of ", line + used, size - used);
}

void report_faults_write(const struct result_run *run, const struct style *style, FILE *file) {
  const struct result_faults *faults = &run->faults;
  char line[WIRE_FAULT_COUNT * LINE_SIZE / 4] = "", lost[UNITS_TEXT_SIZE];
  size_t used = 0;
  if (!faults->is_on) return;
  if (!faults->is_counted) {
    paragraph_write(file, style, "faults", ": the server did not say how many it made.");
    return;
  }
  for (int i = 0; i < WIRE_FAULT_COUNT; i++) {
    if (!is_row(faults, i)) continue;
    if (used > 0) used += (size_t)snprintf(line + used, sizeof line - used, "; ");
    used += put_row(faults, i, line + used, sizeof line - used);
  }
  if (faults->injected.no_room > 0)
    snprintf(line + used, sizeof line - used, "; lost by none of them, as the server held too many: %s",
             units_format_count(faults->injected.no_room, lost));
  paragraph_write(file, style, "faults", ", warm-up included: %s", line);
}

static json_t *row_json(const struct result_faults *faults, int fault) {
  bool is_held = fault == WIRE_FAULT_DELAY || fault == WIRE_FAULT_STALL;
  bool is_hidden = wire_fault_is_hidden(faults->injected.spec, (enum wire_fault)fault);
  bool is_counted = faults->is_counted && !is_hidden, can_see = faults->can_see[fault];
  json_t *row = json_object();
  json_object_set_new(row, "fault", json_string(wire_fault_name((enum wire_fault)fault)));
  json_object_set_new(row, "injected",
                      is_counted ? json_value_whole(faults->injected.counts[fault].count) : json_null());
  json_object_set_new(row, "injected_held_ns",
                      is_counted && is_held ? json_value_whole(faults->injected.counts[fault].held_ns) : json_null());
  json_object_set_new(row, "seen", can_see ? json_value_whole(faults->seen[fault].count) : json_null());
  json_object_set_new(row, "seen_rtt_ns",
                      can_see && is_held ? json_value_whole(faults->seen[fault].held_ns) : json_null());
  return row;
}

json_t *report_faults_json(const struct result_run *run) {
  const struct result_faults *faults = &run->faults;
  char spec[SPEC_SHOWN_SIZE];
  if (!faults->is_on) return json_null();
  json_t *object = json_object(), *rows = json_array();
  for (int i = 0; i < WIRE_FAULT_COUNT; i++)
    if (is_row(faults, i)) json_array_append_new(rows, row_json(faults, i));
  json_object_set_new(object, "spec", json_string(spec_of(run, spec)));
  json_object_set_new(object, "seed", json_value_whole(faults->injected.seed));
  json_object_set_new(object, "no_room", faults->is_counted ? json_value_whole(faults->injected.no_room) : json_null());
  json_object_set_new(object, "by_fault", rows);
  return object;
}

static const char *fault_at(size_t index) {
  return index < WIRE_FAULT_COUNT ? wire_fault_name((enum wire_fault)index) : NULL;
}

static const struct schema_field row_fields[] = {
    {"fault", SCHEMA_TEXT, "Which.", NULL, NULL, fault_at},
    {"injected", SCHEMA_WHOLE | SCHEMA_NULL, "How often, by the server's count; null where it did not say.", NULL, NULL,
     NULL},
    {"injected_held_ns", SCHEMA_WHOLE | SCHEMA_NULL,
     "How long answers were held, in all, in nanoseconds, by the server's clock; null where it holds none.", NULL, NULL,
     NULL},
    {"seen", SCHEMA_WHOLE | SCHEMA_NULL, "How often, by what came; null where that does not show it.", NULL, NULL,
     NULL},
    {"seen_rtt_ns", SCHEMA_WHOLE | SCHEMA_NULL,
     "The round trips of those that were held, in all, in nanoseconds, by our clock.", NULL, NULL, NULL},
};

static const struct schema_object row = {"fault", "One fault, from both sides.", NULL, SCHEMA_FIELDS(row_fields), NULL};

static const struct schema_field faults_fields[] = {
    {"spec", SCHEMA_TEXT, "What the server's --fault asks for.", NULL, NULL, NULL},
    {"seed", SCHEMA_WHOLE, "Its --fault-seed.", NULL, NULL, NULL},
    {"no_room", SCHEMA_WHOLE | SCHEMA_NULL, "Answers that the server lost by none of them, as it held too many.", NULL,
     NULL, NULL},
    {"by_fault", SCHEMA_LIST | SCHEMA_OBJECT, "Those that were asked for, each with what came of it.", &row, NULL,
     NULL},
};

const struct schema_object report_faults_schema = {
    "faults", "What the server did wrong on purpose (lopong --fault), warm-up included.", NULL,
    SCHEMA_FIELDS(faults_fields), NULL};
