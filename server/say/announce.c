/* Events in text, and sentences on stderr. Knows no socket and decides nothing. */
#include "server/say/announce.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/text/layout.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

/* Blanks and newlines of the layout add a little. */
#define SPOKEN_SIZE  (2 * EXPLAIN_TEXT_SIZE)
#define SUMMARY_SIZE 2048

struct page {
  char *text;
  size_t size, length;
};

/* What does not fit is cut. */
static void put(void *owner, const char *bytes, size_t length) {
  struct page *page = owner;
  size_t room = page->size - 1 - page->length, taken = length < room ? length : room;
  memcpy(page->text + page->length, bytes, taken);
  page->length += taken;
  page->text[page->length] = '\0';
}

__attribute__((format(__printf__, 2, 3))) static void put_line(struct page *page, const char *format, ...) {
  char line[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  put(page, line, strlen(line));
}

/* As layout_text() does, and no line is broken. */
static void put_guarded(struct outbox *outbox, const char *text) {
  char guarded[2 * ANNOUNCE_NOTICE_SIZE] = "";
  struct page page = {.text = guarded, .size = sizeof guarded};
  safe_text_pass(text, strlen(text), put, &page);
  outbox_put(outbox, OUTBOX_STDERR, guarded);
}

void announce_text(struct outbox *outbox, const char *text) {
  char laid_out[SPOKEN_SIZE] = "";
  struct page page = {.text = laid_out, .size = sizeof laid_out};
  layout_text(text, layout_columns(stderr), put, &page);
  outbox_put(outbox, OUTBOX_STDERR, laid_out);
}

void announce_notice(struct outbox *outbox, const char *format, ...) {
  char notice[ANNOUNCE_NOTICE_SIZE - 16], text[ANNOUNCE_NOTICE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(notice, sizeof notice, format, arguments);
  va_end(arguments);
  snprintf(text, sizeof text, "lopong: %s\n", notice);
  /* In a log each event is a line. */
  if (layout_is_for_people(stderr))
    announce_text(outbox, text);
  else
    put_guarded(outbox, text);
}

void announce_left_out(enum outbox_stream stream, uint64_t lines, char out[OUTBOX_LEFT_OUT_SIZE]) {
  char count[UNITS_COUNTED_SIZE];
  (void)stream;
  snprintf(out, OUTBOX_LEFT_OUT_SIZE, "lopong: %s left out here, as nobody read what came before\n",
           units_format_counted(lines, "line was", "lines were", count));
}

const char *announce_endpoint_text(const struct endpoint *endpoint, char out[ADDRESS_TEXT_SIZE * 4]) {
  char text[ADDRESS_TEXT_SIZE];
  endpoint_format(endpoint, text);
  safe_text_copy(text, strlen(text), out, ADDRESS_TEXT_SIZE * 4);
  return out;
}

static void say_listening(struct outbox *outbox, const struct endpoint *endpoint,
                          const struct wire_fault_report *faults) {
  (void)faults;
  char text[ADDRESS_TEXT_SIZE * 4], line[ADDRESS_TEXT_SIZE * 4 + 64];
  snprintf(line, sizeof line, "listening on %s (%s)\n", announce_endpoint_text(endpoint, text),
           transport_name(endpoint->transport));
  outbox_put_vital(outbox, line);
}

static void say_opened(struct outbox *outbox, const struct connection_facts *facts) {
  announce_notice(outbox, "connection %" PRIu64 " opened: %s%s%s", facts->number, transport_name(facts->transport),
                  facts->peer[0] == '\0' ? "" : " from ", facts->peer);
}

static void say_closed(struct outbox *outbox, const struct connection_facts *facts) {
  char in[UNITS_COUNTED_SIZE], out[UNITS_COUNTED_SIZE], messages[UNITS_COUNTED_SIZE], open[UNITS_TEXT_SIZE];
  announce_notice(outbox, "connection %" PRIu64 " closed: %s%s%s; %s; %s in, %s out, %s, open for %s", facts->number,
                  transport_name(facts->transport), facts->peer[0] == '\0' ? "" : " from ", facts->peer, facts->reason,
                  units_format_counted(facts->bytes_in, "byte", "bytes", in),
                  units_format_counted(facts->bytes_out, "byte", "bytes", out),
                  units_format_counted(facts->messages, "message", "messages", messages),
                  units_format_duration((double)facts->open_ns, open));
}

/* Of those that are on, the ones that never came too: that is an answer. */
static void put_faults(struct page *page, const struct wire_fault_report *faults) {
  char text[UNITS_TEXT_SIZE], held[UNITS_TEXT_SIZE];
  put_line(page, "  faults on: %s, seed %" PRIu64 "\n", faults->spec, faults->seed);
  for (int i = 0; i < WIRE_FAULT_COUNT; i++) {
    const struct wire_fault_count *row = &faults->counts[i];
    if (row->count == 0) continue;
    put_line(page, "    %s: %s%s%s%s\n", wire_fault_name((enum wire_fault)i), units_format_count(row->count, text),
             row->held_ns > 0 ? ", held for " : "",
             row->held_ns > 0 ? units_format_duration((double)row->held_ns, held) : "",
             row->held_ns > 0 ? " in all" : "");
  }
  if (faults->no_room > 0)
    put_line(page, "    lost, as too many were held: %s\n", units_format_count(faults->no_room, text));
}

static void say_summary(struct outbox *outbox, const struct server_stats *stats, uint64_t run_ns,
                        const struct wire_fault_report *faults) {
  char text[UNITS_TEXT_SIZE], summary[SUMMARY_SIZE] = "";
  struct page page = {.text = summary, .size = sizeof summary};
  put_line(&page, "summary after %s\n", units_format_duration((double)run_ns, text));
  for (size_t i = 0; i < server_stats_row_count; i++) {
    const struct server_stats_row *row = &server_stats_rows[i];
    uint64_t value = server_stats_value(stats, row);
    if (row->is_always_shown || value > 0) put_line(&page, "  %s: %s\n", row->label, units_format_count(value, text));
  }
  if (faults != NULL) put_faults(&page, faults);
  outbox_put_summary(outbox, summary);
}

static void say_bind_failed(struct outbox *outbox, const struct endpoint *wanted, const struct port_report *sockets,
                            const struct explanation *explanation) {
  char text[EXPLAIN_TEXT_SIZE];
  (void)wanted;
  (void)sockets;
  explain_format("lopong", explanation, text);
  announce_text(outbox, text);
}

static void say_browser_came(struct outbox *outbox, uint64_t connection, const char *field) {
  announce_notice(outbox,
                  "a browser came: connection %" PRIu64
                  " began with an HTTP request whose field %s is that of one, and gets its own bytes back; for a page "
                  "instead, start lopong with --http",
                  connection, field);
}

const struct announcer announce_plain = {
    .listening = say_listening,
    .connection_opened = say_opened,
    .connection_closed = say_closed,
    .summary = say_summary,
    .bind_failed = say_bind_failed,
    .browser_came = say_browser_came,
    .tell_left_out = announce_left_out,
};
