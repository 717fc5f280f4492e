/* Events as JSON, one object a line on stdout, for programs that start lopong. Knows no socket and decides nothing. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "common/text/json_line.h"
#include "common/text/safe_text.h"
#include "server/say/announce.h"

/* One that could not be built is said on stderr: a reader must not wait for it. */
static void print_event(struct outbox *outbox, json_t *event, const char *name) {
  char *line = json_line_make(event);
  if (line == NULL)
    announce_notice(outbox, "out of memory: the event \"%s\" could not be printed", name);
  else
    outbox_put(outbox, OUTBOX_STDOUT, line);
  free(line);
}

/* What this thread was refused before has nothing to do with an event that is built from here on. */
static void begin_event(void) {
  lack_forget();
}

/* JSON is UTF-8, and a path may be any bytes: what is no UTF-8 is escaped. */
static json_t *outside_text(const char *text) {
  char escaped[ADDRESS_PATH_SIZE * 4];
  json_t *string = json_string(text);
  if (string != NULL) return string;
  safe_text_copy(text, strlen(text), escaped, sizeof escaped);
  return json_string(escaped);
}

static json_t *endpoint_event(const char *name, const struct endpoint *endpoint) {
  char host[ADDRESS_TEXT_SIZE];
  bool is_unix = endpoint->transport == TRANSPORT_UNIX;
  json_t *address = outside_text(is_unix ? endpoint->path : address_format_host(&endpoint->address, host));
  json_t *port = is_unix ? json_null() : json_integer(address_port(&endpoint->address));
  return json_pack("{s:s, s:s, s:o, s:o, s:I}", "event", name, "transport", transport_name(endpoint->transport),
                   "address", address, "port", port, "pid", (json_int_t)uv_os_getpid());
}

static json_t *faults_part(const struct wire_fault_report *faults) {
  if (faults == NULL) return json_null();
  return json_pack("{s:s, s:I}", "spec", faults->spec, "seed", (json_int_t)faults->seed);
}

static json_t *faults_counted(const struct wire_fault_report *faults) {
  json_t *part = faults_part(faults);
  if (faults == NULL || part == NULL) return part;
  json_t *rows = json_array();
  for (int i = 0; i < WIRE_FAULT_COUNT; i++)
    if (faults->counts[i].count > 0)
      json_array_append_new(
          rows, json_pack("{s:s, s:I, s:I}", "fault", wire_fault_name((enum wire_fault)i), "count",
                          (json_int_t)faults->counts[i].count, "held_ns", (json_int_t)faults->counts[i].held_ns));
  json_object_set_new(part, "no_room", json_integer((json_int_t)faults->no_room));
  json_object_set_new(part, "injected", rows);
  return part;
}

static void print_listening(struct outbox *outbox, const struct endpoint *endpoint,
                            const struct wire_fault_report *faults) {
  begin_event();
  json_t *event = endpoint_event("listening", endpoint);
  json_object_set_new(event, "faults", faults_part(faults));
  char *line = json_line_make(event);
  if (line == NULL)
    outbox_lose(outbox, UV_ENOMEM);
  else
    outbox_put_vital(outbox, line);
  free(line);
}

static void print_opened(struct outbox *outbox, const struct connection_facts *facts) {
  begin_event();
  print_event(outbox,
              json_pack("{s:s, s:I, s:s, s:s}", "event", "connection_opened", "connection", (json_int_t)facts->number,
                        "transport", transport_name(facts->transport), "peer", facts->peer),
              "connection_opened");
}

static void print_closed(struct outbox *outbox, const struct connection_facts *facts) {
  begin_event();
  print_event(outbox,
              json_pack("{s:s, s:I, s:s, s:s, s:I, s:I, s:I, s:I, s:s}", "event", "connection_closed", "connection",
                        (json_int_t)facts->number, "transport", transport_name(facts->transport), "peer", facts->peer,
                        "bytes_in", (json_int_t)facts->bytes_in, "bytes_out", (json_int_t)facts->bytes_out, "messages",
                        (json_int_t)facts->messages, "open_ns", (json_int_t)facts->open_ns, "reason", facts->reason),
              "connection_closed");
}

static void print_summary(struct outbox *outbox, const struct server_stats *stats, uint64_t run_ns,
                          const struct wire_fault_report *faults) {
  begin_event();
  json_t *event = json_pack("{s:s, s:I}", "event", "summary", "run_ns", (json_int_t)run_ns);
  for (size_t i = 0; event != NULL && i < server_stats_row_count; i++) {
    const struct server_stats_row *row = &server_stats_rows[i];
    json_object_set_new(event, row->json_name, json_integer((json_int_t)server_stats_value(stats, row)));
  }
  json_object_set_new(event, "faults", faults_counted(faults));
  char *line = json_line_make(event);
  if (line == NULL)
    outbox_lose_summary(outbox, UV_ENOMEM);
  else
    outbox_put_summary(outbox, line);
  free(line);
}

static void print_bind_failed(struct outbox *outbox, const struct endpoint *wanted, const struct port_report *sockets,
                              const struct explanation *explanation) {
  begin_event();
  json_t *event = endpoint_event("bind_failed", wanted);
  if (event != NULL) json_object_set_new(event, "error", explain_to_json(explanation, sockets));
  print_event(outbox, event, "bind_failed");
  announce_plain.bind_failed(outbox, wanted, sockets, explanation);
}

static void print_browser_came(struct outbox *outbox, uint64_t connection, const char *field) {
  begin_event();
  print_event(
      outbox,
      json_pack("{s:s, s:I, s:s}", "event", "browser_came", "connection", (json_int_t)connection, "field", field),
      "browser_came");
  announce_plain.browser_came(outbox, connection, field);
}

/* Without memory for it: a queue that is full is no moment to ask for some. */
static void print_left_out(enum outbox_stream stream, uint64_t lines, char out[OUTBOX_LEFT_OUT_SIZE]) {
  if (stream == OUTBOX_STDOUT)
    snprintf(out, OUTBOX_LEFT_OUT_SIZE, "{\"event\":\"lines_left_out\",\"lines\":%" PRIu64 "}\n", lines);
  else
    announce_left_out(stream, lines, out);
}

const struct announcer announce_json = {
    .listening = print_listening,
    .connection_opened = print_opened,
    .connection_closed = print_closed,
    .summary = print_summary,
    .bind_failed = print_bind_failed,
    .browser_came = print_browser_came,
    .tell_left_out = print_left_out,
};
