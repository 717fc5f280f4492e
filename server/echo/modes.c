/*
 * What a stream connection does with what it read: one row of functions per mode of the session.
 *
 * Must not know how bytes are read or leave; that is stream.c and output.c.
 */
#include "server/echo/modes.h"

#include <stdlib.h>

#include "common/io/zero_copy.h"
#include "common/machine/machine.h"
#include "common/text/clock.h"
#include "server/echo/faulty_stream.h"
#include "server/echo/http_stream.h"
#include "server/echo/output.h"
#include "server/http/desk.h"

#define REASON_PEER_ENDED   "the client ended it"
#define REASON_NO_FRAME     "protocol error: what came is no frame"
#define REASON_OUT_OF_SPACE "out of memory"

struct mode_row {
  /* `receive_ns`: when the read callback began. */
  void (*take)(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns);
  /* The same of a server with --fault. */
  void (*take_faultily)(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns);
  void (*take_end)(struct connection *connection);
  bool is_bounded; /* what comes in goes out again, so unsent echo bounds the reading */
};

static void take_in_mode(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns);

static void count_messages(struct connection *connection, uint64_t count) {
  connection->messages += count;
  connection->worker->stats.messages += count;
}

static void take_plain(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  (void)receive_ns;
  count_messages(connection, 1);
  output_send(connection, bytes, length);
}

static void take_plain_faultily(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  (void)receive_ns;
  count_messages(connection, 1);
  (void)faulty_stream_pass(connection, bytes, length, clock_now_ns(), false);
}

/* A unix socket's kernel side has no time (unix(7)), and its frames are left as they are. */
static void fill_kernel_times(struct connection *connection, uint8_t *bytes, size_t whole_bytes) {
  struct wire_kernel_times times;
  if (connection->kind->transport != TRANSPORT_TCP) return;
  if (!session_asks_kernel_times(&connection->session, bytes, whole_bytes)) return;
  if (kernel_watch_fill(&connection->kernel_watch, &connection->as.handle, &times))
    session_put_kernel_times(&connection->session, bytes, whole_bytes, &times);
}

/* With --http. Of messages that came together none has a round trip to itself. */
static void note_native(struct connection *connection, const uint8_t *bytes, size_t whole_bytes, uint64_t send_ns) {
  struct wire_frame frame;
  if (whole_bytes != connection->session.frame_bytes)
    connection->native->is_overlapped = true;
  else if (wire_get_frame(bytes, whole_bytes, &frame))
    http_native_note(connection->native, frame.client_send_ns, send_ns);
}

/* How many of the bytes are whole frames, whose kernel times are filled; 0 too where the connection was closed. */
static size_t cut_frames(struct connection *connection, uint8_t *bytes, size_t length) {
  struct session *session = &connection->session;
  size_t whole_bytes;
  if (!session_find_frames(session, bytes, length, &whole_bytes)) {
    connection->worker->stats.protocol_errors++;
    connection_close(connection, REASON_NO_FRAME);
    return 0;
  }
  /* Before the sending: the partial frame lies in the shared buffer, and a failed send closes the connection. */
  if (!session_keep_partial(session, bytes + whole_bytes, length - whole_bytes)) {
    connection_close(connection, REASON_OUT_OF_SPACE);
    return 0;
  }
  if (whole_bytes == 0) return 0;
  count_messages(connection, whole_bytes / session->frame_bytes);
  fill_kernel_times(connection, bytes, whole_bytes);
  return whole_bytes;
}

static void take_stamped(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  size_t whole_bytes = cut_frames(connection, bytes, length);
  if (whole_bytes == 0) return;
  uint64_t send_ns = clock_now_ns();
  session_stamp_frames(&connection->session, bytes, whole_bytes, machine_current_cpu(), receive_ns, send_ns);
  /* A failed send closes the connection, whose memory stays until the loop's next turn. */
  output_send(connection, bytes, whole_bytes);
  kernel_watch_after_send(&connection->kernel_watch, send_ns);
  if (connection->native != NULL) note_native(connection, bytes, whole_bytes, send_ns);
}

static void take_stamped_faultily(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  size_t whole_bytes = cut_frames(connection, bytes, length), frame_bytes = connection->session.frame_bytes;
  for (size_t at = 0; at < whole_bytes; at += frame_bytes)
    if (!faulty_stream_pass(connection, bytes + at, frame_bytes, receive_ns, true)) return;
}

/* Sink and source: read so that the client can send and its end is seen, and discarded. */
static void take_sunk(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  (void)bytes;
  (void)receive_ns;
  if (connection->session.mode != SESSION_SINK || length == 0) return;
  connection->session.moved_bytes += length;
  count_messages(connection, 1);
}

static void take_request(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  (void)receive_ns;
  http_stream_take(connection, bytes, length);
}

/* Who watches the counters has nothing more to say. */
static void take_nothing(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  (void)connection;
  (void)bytes;
  (void)length;
  (void)receive_ns;
}

/* Another machine's stamps are of another clock. */
static bool is_from_here(const struct connection *connection) {
  struct sockaddr_storage peer = {0};
  int length = sizeof peer;
  if (connection->kind->transport != TRANSPORT_TCP) return true;
  return uv_tcp_getpeername(&connection->as.tcp, (struct sockaddr *)&peer, &length) == 0 && address_is_loopback(&peer);
}

/* Without the memory for it the page says less. */
static void prepare_native(struct connection *connection) {
  const struct http_desk *desk = connection->worker->http;
  if (connection->session.mode == SESSION_STAMPED && desk != NULL && http_desk_is_open(desk) &&
      is_from_here(connection))
    connection->native = calloc(1, sizeof *connection->native);
}

static bool prepare_source(struct connection *connection) {
  struct worker *worker = connection->worker;
  if (connection->session.mode != SESSION_SOURCE) return true;
  if (worker->pattern == NULL) worker->pattern = pattern_create(1);
  return worker->pattern != NULL;
}

/* True: it asked for the faults, and what follows is plain echo. */
static bool take_question(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  struct wire_hello hello;
  if (!wire_get_hello(bytes, length, &hello) || hello.mode != WIRE_MODE_FAULTS) return false;
  connection->session.mode = SESSION_PLAIN;
  faulty_stream_tell(connection, &hello);
  if (length > WIRE_HELLO_BYTES && !uv_is_closing(&connection->as.handle))
    take_in_mode(connection, bytes + WIRE_HELLO_BYTES, length - WIRE_HELLO_BYTES, receive_ns);
  return true;
}

static bool is_for_browsers(const struct connection *connection) {
  return connection->worker->http != NULL && connection->kind->transport == TRANSPORT_TCP;
}

static void take_first(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  struct session *session = &connection->session;
  uint8_t welcome[WIRE_HELLO_BYTES];
  if (connection->faulty != NULL && take_question(connection, bytes, length, receive_ns)) return;
  bool can_discard_unread =
      connection->kind->transport == TRANSPORT_TCP && connection->faulty == NULL && zero_copy_is_possible();
  size_t hello_bytes = session_begin(session, bytes, length, can_discard_unread);
  if (hello_bytes == 0) {
    if (is_for_browsers(connection) && http_stream_begins(connection, bytes, length)) return;
    take_in_mode(connection, bytes, length, receive_ns);
    return;
  }
  if (!prepare_source(connection)) {
    connection_close(connection, REASON_OUT_OF_SPACE);
    return;
  }
  prepare_native(connection);
  session->has_faults = connection->faulty != NULL;
  session_put_welcome(session, (uint32_t)uv_os_getpid(), welcome);
  session->welcomed_ns = clock_now_ns();
  if (!output_send(connection, welcome, sizeof welcome)) return;
  if (session->mode == SESSION_SOURCE) {
    output_pump(connection);
    return;
  }
  if (length > hello_bytes) take_in_mode(connection, bytes + hello_bytes, length - hello_bytes, receive_ns);
}

/* With nothing left to send, closing alone ends both directions: no shutdown() before it, and no turn of the loop. */
static void end_plainly(struct connection *connection) {
  if (connection->writer == NULL && connection->held_bytes == 0)
    connection_close(connection, REASON_PEER_ENDED);
  else
    output_finish(connection, REASON_PEER_ENDED);
}

static void end_sink(struct connection *connection) {
  uint8_t report[WIRE_SINK_REPORT_BYTES];
  session_put_sink_report(&connection->session, clock_now_ns(), report);
  if (output_send(connection, report, sizeof report)) output_finish(connection, REASON_PEER_ENDED);
}

static const struct mode_row modes[SESSION_MODE_COUNT] = {
    [SESSION_NEW] = {take_first, take_first, end_plainly, true},
    [SESSION_PLAIN] = {take_plain, take_plain_faultily, end_plainly, true},
    [SESSION_STAMPED] = {take_stamped, take_stamped_faultily, end_plainly, true},
    [SESSION_SINK] = {take_sunk, take_sunk, end_sink, false},
    [SESSION_SOURCE] = {take_sunk, take_sunk, end_plainly, false},
    [SESSION_HTTP] = {take_request, take_request, end_plainly, true},
    [SESSION_EVENTS] = {take_nothing, take_nothing, end_plainly, false},
};

static void take_in_mode(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  const struct mode_row *row = &modes[connection->session.mode];
  (connection->faulty == NULL ? row->take : row->take_faultily)(connection, bytes, length, receive_ns);
}

void modes_take(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns) {
  const struct mode_row *row = &modes[connection->session.mode];
  if (connection->faulty == NULL)
    row->take(connection, bytes, length, receive_ns);
  else if (!faulty_stream_swallows(connection))
    row->take_faultily(connection, bytes, length, receive_ns);
}

void modes_take_end(struct connection *connection) {
  modes[connection->session.mode].take_end(connection);
}

bool modes_is_bounded(const struct connection *connection) {
  return modes[connection->session.mode].is_bounded;
}
