/* Events in text, and sentences on stderr. Knows no socket and decides nothing. */
#include "server/say/announce.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/text/layout.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

/* What does not fit is cut. */
static void put(void *owner, const char *bytes, size_t length) {
  char *page = owner;
  size_t used = strlen(page), room = 2 * ANNOUNCE_NOTICE_SIZE - 1 - used;
  strncat(page, bytes, length < room ? length : room);
}

void announce_notice(const char *format, ...) {
  char notice[ANNOUNCE_NOTICE_SIZE - 16], text[ANNOUNCE_NOTICE_SIZE], page[2 * ANNOUNCE_NOTICE_SIZE] = "";
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(notice, sizeof notice, format, arguments);
  va_end(arguments);
  snprintf(text, sizeof text, "lopong: %s\n", notice);
  /* In a log each event is a line. */
  if (layout_is_for_people(stderr)) layout_text(text, layout_columns(stderr), put, page);
  /* One call, as another thread may say something at the same time, and each call has the stream to itself
   * (C11 7.21.2).
   */
  fputs(page[0] != '\0' ? page : text, stderr);
  fflush(stderr);
}

const char *announce_endpoint_text(const struct endpoint *endpoint, char out[ADDRESS_TEXT_SIZE * 4]) {
  char text[ADDRESS_TEXT_SIZE];
  endpoint_format(endpoint, text);
  safe_text_copy(text, strlen(text), out, ADDRESS_TEXT_SIZE * 4);
  return out;
}

static void say_listening(const struct endpoint *endpoint) {
  char text[ADDRESS_TEXT_SIZE * 4];
  printf("listening on %s (%s)\n", announce_endpoint_text(endpoint, text), transport_name(endpoint->transport));
  fflush(stdout);
}

static void say_opened(const struct connection_facts *facts) {
  announce_notice("connection %" PRIu64 " opened: %s%s%s", facts->number, transport_name(facts->transport),
                  facts->peer[0] == '\0' ? "" : " from ", facts->peer);
}

static void say_closed(const struct connection_facts *facts) {
  char in[UNITS_COUNTED_SIZE], out[UNITS_COUNTED_SIZE], messages[UNITS_COUNTED_SIZE], open[UNITS_TEXT_SIZE];
  announce_notice("connection %" PRIu64 " closed: %s%s%s; %s; %s in, %s out, %s, open for %s", facts->number,
                  transport_name(facts->transport), facts->peer[0] == '\0' ? "" : " from ", facts->peer, facts->reason,
                  units_format_counted(facts->bytes_in, "byte", "bytes", in),
                  units_format_counted(facts->bytes_out, "byte", "bytes", out),
                  units_format_counted(facts->messages, "message", "messages", messages),
                  units_format_duration((double)facts->open_ns, open));
}

static void say_summary(const struct server_stats *stats, uint64_t run_ns) {
  char text[UNITS_TEXT_SIZE];
  printf("summary after %s\n", units_format_duration((double)run_ns, text));
  for (size_t i = 0; i < server_stats_row_count; i++) {
    const struct server_stats_row *row = &server_stats_rows[i];
    uint64_t value = server_stats_value(stats, row);
    if (row->is_always_shown || value > 0) printf("  %s: %s\n", row->label, units_format_count(value, text));
  }
  fflush(stdout);
}

static void say_bind_failed(const struct endpoint *wanted, const struct port_report *sockets,
                            const struct explanation *explanation) {
  char text[EXPLAIN_TEXT_SIZE];
  (void)wanted;
  (void)sockets;
  explain_format("lopong", explanation, text);
  layout_write(stderr, text);
  fflush(stderr);
}

const struct announcer announce_plain = {
    .listening = say_listening,
    .connection_opened = say_opened,
    .connection_closed = say_closed,
    .summary = say_summary,
    .bind_failed = say_bind_failed,
};
