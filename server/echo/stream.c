/*
 * The life of a stream connection: accepted or refused, read, idle, closed.
 *
 * All reads of the loop share one buffer, so that an idle connection costs no memory but its struct. What is done with
 * the bytes is in stream_modes.c, how they leave in stream_output.c. Must not know TCP from unix sockets.
 */
#include "server/echo/stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/direct_io.h"
#include "common/io/zero_copy.h"
#include "common/machine/machine.h"
#include "common/text/clock.h"
#include "server/busy_poll.h"
#include "server/echo/connection.h"
#include "server/echo/policy.h"
#include "server/echo/socket_copy.h"
#include "server/listen/listeners.h"
#include "server/pool.h"

static void list_append(struct connection_list *list, struct connection *connection) {
  connection->before = list->last;
  connection->after = NULL;
  if (list->last != NULL)
    list->last->after = connection;
  else
    list->first = connection;
  list->last = connection;
}

static void list_remove(struct connection_list *list, struct connection *connection) {
  if (connection->before != NULL)
    connection->before->after = connection->after;
  else
    list->first = connection->after;
  if (connection->after != NULL)
    connection->after->before = connection->before;
  else
    list->last = connection->before;
}

void connection_touch(struct connection *connection) {
  struct server *server = connection->server;
  if (server->settings->idle_timeout_ns == 0) return;
  connection->active_ms = uv_now(&server->loop);
  if (server->connections.last == connection) return;
  list_remove(&server->connections, connection);
  list_append(&server->connections, connection);
}

static void announce_connection(const struct connection *connection, bool is_opened) {
  const struct announcer *announcer = connection->server->announcer;
  if (connection->peer == NULL) return;
  struct connection_facts facts = {
      .number = connection->number,
      .transport = connection->kind->transport,
      .peer = connection->peer,
      .bytes_in = connection->bytes_in,
      .bytes_out = connection->bytes_out,
      .messages = connection->messages,
      .open_ns = clock_now_ns() - connection->opened_ns,
      .reason = connection->close_reason,
  };
  if (is_opened)
    announcer->connection_opened(&facts);
  else
    announcer->connection_closed(&facts);
}

static void after_close(uv_handle_t *handle) {
  struct connection *connection = handle->data;
  /* A write in flight was cancelled before this callback, and its writer freed; one that never began has gone too. */
  session_end(&connection->session);
  free(connection->peer);
  free(connection);
}

/* From now on it is asked directly, and the loop's poller forgets it: a socket that is watched makes the sender's
 * kernel note each message in the poller's list, on the time of the round trip. */
static void unwatch(struct connection *connection) {
  if (uv_fileno(&connection->as.handle, &connection->descriptor) != 0) return;
  uv_read_stop(&connection->as.stream); /* always 0, says its manual */
  connection->is_direct = true;
  connection->heard_ns = connection->server->busy_poll.turn_ns;
  connection->server->busy_poll.direct_connections++;
}

static void end_direct(struct connection *connection) {
  if (!connection->is_direct) return;
  connection->is_direct = false;
  connection->server->busy_poll.direct_connections--;
}

void connection_close(struct connection *connection, const char *reason) {
  struct server *server = connection->server;
  if (uv_is_closing(&connection->as.handle)) return;
  connection->close_reason = reason;
  end_direct(connection);
  if (connection->is_listed) {
    list_remove(&server->connections, connection);
    server->stats.open_connections--;
    announce_connection(connection, false);
  }
  uv_close(&connection->as.handle, after_close);
  /* Only now is its descriptor closed, and another thread may let the next one in. */
  if (connection->is_listed && server->pool != NULL) pool_note_closed(server);
}

void connection_fail(struct connection *connection, int code) {
  connection_close(connection, uv_strerror(code));
}

/* Leaves libuv nothing to read; on_read() then finds in `discarded` what a read would have returned. */
static void discard(struct connection *connection, uv_buf_t *buffer) {
  uv_os_fd_t descriptor;
  int code = uv_fileno(&connection->as.handle, &descriptor);
  connection->discarded =
      code != 0 ? code : zero_copy_discard(descriptor, connection->server->buffer, SERVER_READ_BYTES);
  *buffer = uv_buf_init(NULL, 0);
}

static void on_alloc(uv_handle_t *handle, size_t suggested_bytes, uv_buf_t *buffer) {
  struct connection *connection = handle->data;
  struct server *server = connection->server;
  (void)suggested_bytes;
  if (connection->session.is_unread) {
    discard(connection, buffer);
    return;
  }
  kernel_watch_before_read(&connection->kernel_watch, handle);
  size_t length = SERVER_READ_BYTES;
  if (stream_modes_is_bounded(connection))
    length = limits_read_bytes(stream_output_held_bytes(connection), server->settings->max_unsent_bytes, length);
  /* What is read follows the partial frame, which on_read() puts before it. */
  buffer->base = (char *)server->buffer + connection->session.partial_bytes;
  buffer->len = length;
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buffer) {
  struct connection *connection = stream->data;
  struct server *server = connection->server;
  (void)buffer;
  if (nread == UV_ENOBUFS && connection->session.is_unread)
    nread = connection->discarded == 0 ? UV_EOF : connection->discarded;
  if (nread == 0 || nread == UV_EAGAIN) return;
  uint64_t receive_ns = connection->session.mode == SESSION_PLAIN ? 0 : clock_now_ns();
  if (nread == UV_EOF) {
    stream_modes_take_end(connection);
    return;
  }
  if (nread < 0) {
    connection_fail(connection, (int)nread);
    return;
  }
  server->stats.bytes_in += (uint64_t)nread;
  if (busy_poll_note(server) && !connection->is_direct) unwatch(connection);
  connection->bytes_in += (uint64_t)nread;
  connection_touch(connection);
  /* Copied each time, as another connection's read may have used the buffer since. */
  size_t partial_bytes = session_copy_partial(&connection->session, server->buffer);
  stream_modes_take(connection, server->buffer, partial_bytes + (size_t)nread, receive_ns);
  if (uv_is_closing(&connection->as.handle) || connection->is_ending) return;
  if (stream_modes_is_bounded(connection) && stream_output_held_bytes(connection) >= server->settings->max_unsent_bytes)
    connection_pause(connection);
}

static bool watch(struct connection *connection) {
  end_direct(connection);
  int code = uv_read_start(&connection->as.stream, on_alloc, on_read);
  if (code != 0) connection_fail(connection, code);
  return code == 0;
}

/* What libuv does when its poller tells of input, without the poller. Kept short: what it does between two tries is
 * time in which a message may lie there unread. */
static bool poll_connection(struct connection *connection) {
  struct server *server = connection->server;
  uv_buf_t buffer;
  if (!connection->is_direct) return false;
  on_alloc(&connection->as.handle, 0, &buffer);
  bool is_unread = connection->session.is_unread;
  if (!is_unread && (buffer.len == 0 || kernel_watch_is_early(&connection->kernel_watch))) return false;
  ssize_t nread = is_unread ? connection->discarded : direct_read(connection->descriptor, buffer.base, buffer.len);
  if (nread == UV_EAGAIN) return false;
  connection->heard_ns = server->busy_poll.turn_ns;
  on_read(&connection->as.stream, nread == 0 ? UV_EOF : nread, &buffer);
  return true;
}

bool echo_stream_poll_all(struct server *server) {
  bool has_read = false;
  /* Counted, since activity moves a connection to the end of the list, where it would be met again. */
  uint64_t left = server->busy_poll.direct_connections == 0 ? 0 : server->stats.open_connections;
  struct connection *after;
  for (struct connection *connection = server->connections.first; connection != NULL && left > 0; left--) {
    after = connection->after;
    has_read = poll_connection(connection) || has_read;
    connection = after;
  }
  return has_read;
}

void echo_stream_watch_quiet(struct server *server, uint64_t since_ns) {
  struct connection *after;
  if (server->busy_poll.direct_connections == 0) return;
  for (struct connection *connection = server->connections.first; connection != NULL; connection = after) {
    after = connection->after;
    if (connection->is_direct && connection->heard_ns <= since_ns) watch(connection);
  }
}

bool connection_resume(struct connection *connection) {
  if (!connection->is_reading) connection->is_reading = watch(connection);
  return connection->is_reading;
}

void connection_pause(struct connection *connection) {
  if (!connection->is_reading) return;
  end_direct(connection);
  uv_read_stop(&connection->as.stream); /* always 0, says its manual */
  connection->is_reading = false;
}

/* In all threads. */
static uint64_t count_open(const struct server *server) {
  return server->pool == NULL ? server->stats.open_connections : pool_open_connections(server->pool);
}

static enum admission judge(const struct connection *connection) {
  const struct server *server = connection->server;
  uv_os_fd_t descriptor;
  struct admission_facts facts = {
      .open_connections = count_open(server),
      .max_connections = server->settings->max_connections,
      .descriptor = -1,
      /* Asked each time: the limit of a running process can be changed (prlimit(1)). */
      .descriptor_limit = machine_descriptor_limit(),
  };
  if (uv_fileno(&connection->as.handle, &descriptor) == 0) facts.descriptor = (int64_t)(intptr_t)descriptor;
  return limits_judge_connection(&facts);
}

static void refuse(struct connection *connection, enum admission admission) {
  struct server *server = connection->server;
  server->stats.refusals++;
  if (admission == ADMISSION_TOO_MANY) {
    server->stats.refused_too_many++;
    if (limits_say_once(&server->said_too_many))
      announce_notice("%" PRIu64
                      " connections are open, as many as --max-connections allows; further ones are closed at once "
                      "until one of them ends",
                      count_open(server));
  } else {
    server->stats.refused_no_descriptors++;
    if (limits_say_once(&server->said_no_descriptors))
      announce_notice("out of file descriptors: %" PRIu64
                      " connections are open and the limit of this process is %" PRIu64
                      "; new ones are closed at once until some end. Raise the limit with ulimit -n before the start",
                      count_open(server), machine_descriptor_limit());
  }
  connection_close(connection, "refused");
}

/* Counts one that is let in, for all threads. */
static void admit(struct connection *connection) {
  struct server *server = connection->server;
  server->said_too_many = server->said_no_descriptors = false;
  connection->number = ++server->stats.connections;
  uint64_t open = server->pool == NULL ? server->stats.open_connections + 1 : pool_note_opened(server->pool);
  if (open > server->stats.peak_connections) server->stats.peak_connections = open;
}

/* Serves one that was let in, in its own loop. */
static void begin(struct connection *connection) {
  struct server *server = connection->server;
  server->stats.open_connections++;
  connection->opened_ns = clock_now_ns();
  connection->active_ms = uv_now(&server->loop);
  list_append(&server->connections, connection);
  connection->is_listed = true;
  if (server->settings->verbose) {
    connection->peer = calloc(1, ADDRESS_TEXT_SIZE);
    if (connection->peer != NULL && connection->kind->write_peer(&connection->as, connection->peer) != 0)
      connection->peer[0] = '\0';
    announce_connection(connection, true);
  }
  int code = connection->kind->prepare(&connection->as);
  if (code != 0) {
    connection_fail(connection, code);
    return;
  }
  if (connection_resume(connection)) echo_stream_close_idle(server);
}

static int create(struct server *server, const struct stream_kind *kind, struct connection **created) {
  struct connection *connection = calloc(1, sizeof *connection);
  if (connection == NULL) return UV_ENOMEM;
  connection->server = server;
  connection->kind = kind;
  int code = kind->init(&server->loop, &connection->as);
  if (code != 0) {
    free(connection);
    return code;
  }
  connection->as.handle.data = connection;
  *created = connection;
  return 0;
}

static void place(struct connection *connection) {
  struct pool *pool = connection->server->pool;
  if (pool != NULL && pool_hand_over(pool, connection->kind, &connection->as.handle, connection->number))
    connection_close(connection, "served by another thread");
  else
    begin(connection);
}

void echo_stream_accept(uv_stream_t *listening, const struct stream_kind *kind, int status) {
  struct listener *listener = listening->data;
  struct server *server = listener->server;
  struct connection *connection = NULL;
  if (status == 0) status = create(server, kind, &connection);
  if (status != 0) goto failed;
  status = uv_accept(listening, &connection->as.stream);
  if (status != 0) {
    connection_close(connection, "not accepted");
    goto failed;
  }
  enum admission admission = judge(connection);
  if (admission == ADMISSION_ACCEPT) {
    admit(connection);
    place(connection);
  } else {
    refuse(connection, admission);
  }
  return;
failed:
  listeners_suspend(listener, status);
}

void echo_stream_take_over(struct server *server, const struct stream_kind *kind, uv_os_sock_t socket,
                           uint64_t number) {
  struct connection *connection = NULL;
  int code = create(server, kind, &connection);
  if (code == 0) code = kind->open(&connection->as, socket);
  if (code == 0) {
    connection->number = number;
    begin(connection);
    return;
  }
  announce_notice("connection %" PRIu64 " is closed, as it could not be served: %s", number, uv_strerror(code));
  if (connection != NULL) connection_close(connection, "not served");
  socket_copy_close(socket);
  pool_note_closed(server);
}

void echo_stream_drain_all(struct server *server) {
  struct connection *after;
  for (struct connection *connection = server->connections.first; connection != NULL; connection = after) {
    after = connection->after;
    stream_output_finish(connection, "the server ends");
  }
}

uint64_t echo_stream_cut_all(struct server *server) {
  uint64_t cut = 0;
  while (server->connections.first != NULL) {
    if (server->connections.first->writer != NULL) cut++;
    connection_close(server->connections.first, "cut off, as the server ends");
  }
  return cut;
}

static void on_idle_timer(uv_timer_t *timer) {
  echo_stream_close_idle(timer->data);
}

void echo_stream_close_idle(struct server *server) {
  uint64_t timeout_ms = server->settings->idle_timeout_ns / CLOCK_NS_PER_MS;
  uint64_t now_ms = uv_now(&server->loop);
  if (server->settings->idle_timeout_ns == 0) return;
  while (server->connections.first != NULL && server->connections.first->active_ms + timeout_ms <= now_ms) {
    server->stats.idle_closed++;
    connection_close(server->connections.first, "idle for the time of --idle-timeout");
  }
  if (server->connections.first == NULL || uv_is_active((uv_handle_t *)&server->idle_timer)) return;
  uint64_t wait_ms = server->connections.first->active_ms + timeout_ms - now_ms;
  int code = uv_timer_start(&server->idle_timer, on_idle_timer, wait_ms, 0);
  if (code != 0) announce_notice("the timer of --idle-timeout could not be set: %s", uv_strerror(code));
}
