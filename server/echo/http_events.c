/* See http_events.h. One timer of the loop, which stops when nobody watches. */
#include "server/echo/http_events.h"

#include "server/echo/output.h"
#include "server/http/desk.h"

#define EVERY_MS 1000
/* Of the kernel's buffer for who watches: an event is small, and who does not read is to be known soon. */
#define SEND_BUFFER_BYTES 4096
/* So many events that found the one before unsent. */
#define UNREAD_MAX 3
#define EVENT_SIZE 4096

static size_t write_event(struct worker *worker, char event[EVENT_SIZE]) {
  struct http_counts counts;
  struct http_buffer buffer = {.bytes = event, .size = EVENT_SIZE};
  http_desk_read(worker->http, &counts);
  http_counts_put_event(&buffer, &counts);
  return buffer.is_full ? 0 : buffer.length;
}

static void send_event(struct connection *connection, const char *event, size_t length) {
  if (connection->writer == NULL) {
    connection->unread_events = 0;
    if (output_send(connection, (const uint8_t *)event, length)) connection_touch(connection);
  } else if (++connection->unread_events >= UNREAD_MAX) {
    connection_reset(connection, "it watched the counters and did not read them");
  }
}

/* What is touched moves behind the last, so that the end is where the last was at the beginning. */
static void on_timer(uv_timer_t *timer) {
  struct worker *worker = timer->data;
  char event[EVENT_SIZE];
  size_t length = write_event(worker, event), watching = 0;
  struct connection *after, *last = worker->connections.last;
  for (struct connection *connection = worker->connections.first; connection != NULL; connection = after) {
    after = connection == last ? NULL : connection->after;
    if (connection->session.mode != SESSION_EVENTS || connection->is_ending) continue;
    watching++;
    send_event(connection, event, length);
  }
  if (watching == 0) uv_timer_stop(timer);
}

void http_events_begin(struct connection *connection) {
  struct worker *worker = connection->worker;
  char event[EVENT_SIZE];
  int send_buffer = SEND_BUFFER_BYTES, code = 0;
  /* Where the system refuses, it is known later. */
  (void)uv_send_buffer_size(&connection->as.handle, &send_buffer);
  connection->session.mode = SESSION_EVENTS;
  if (!uv_is_active((uv_handle_t *)&worker->events_timer))
    code = uv_timer_start(&worker->events_timer, on_timer, EVERY_MS, EVERY_MS);
  if (code != 0)
    connection_fail(connection, code);
  else
    (void)output_send(connection, (const uint8_t *)event, write_event(worker, event));
}
