/*
 * How bytes leave a stream connection: at once where the socket takes them, from a bounded store where it does not.
 *
 * The usual message costs one system call and no allocation (uv_try_write). Only what is left over is copied; at most
 * one uv_write() is under way, so the order is kept. Must not know what the bytes mean.
 */
#include "server/echo/output.h"

#include <stdlib.h>
#include <string.h>

#include "common/io/direct_io.h"
#include "server/echo/bulk.h"
#include "server/echo/memory_guard.h"
#include "server/threads/relay.h"

/* Of the source mode. A turn is bounded so that one fast reader does not starve the others. */
#define PUMP_WRITE_BYTES     (256 * 1024)
#define PUMP_WRITES_PER_TURN 8
/* Of what a relay could not pass on: these are copied. */
#define FIRST_BYTES 4096

static void after_write(uv_write_t *request, int status);

static void count_sent(struct connection *connection, size_t bytes) {
  connection->bytes_out += bytes;
  connection->worker->stats.bytes_out += bytes;
}

static struct writer *get_writer(struct connection *connection) {
  if (connection->writer == NULL) {
    connection->writer = calloc(1, sizeof *connection->writer);
    if (connection->writer != NULL) connection->writer->request.data = connection;
  }
  return connection->writer;
}

static void drop_writer(struct connection *connection) {
  if (connection->writer == NULL) return;
  unsent_clear(&connection->writer->unsent);
  free(connection->writer);
  connection->writer = NULL;
}

static bool start_write(struct connection *connection, uint8_t *bytes, size_t length) {
  struct writer *writer = connection->writer;
  uv_buf_t buffer = uv_buf_init((char *)bytes, (unsigned)length);
  writer->request_bytes = length;
  writer->left_bytes = length;
  writer->moved_ms = uv_now(&connection->worker->loop);
  int code = uv_write(&writer->request, &connection->as.stream, &buffer, 1, after_write);
  if (code == 0) return true;
  drop_writer(connection);
  connection_fail(connection, code);
  return false;
}

static bool start_unsent(struct connection *connection) {
  struct unsent *unsent = &connection->writer->unsent;
  return start_write(connection, unsent->writing.bytes, unsent->writing.length);
}

static void after_shutdown(uv_shutdown_t *request, int status) {
  struct connection *connection = request->data;
  (void)status; /* sent or not, the end is the same; cancelled means that it is closed already */
  connection_close(connection, connection->close_reason);
}

static void start_shutdown(struct connection *connection) {
  if (connection->is_shutting_down) return;
  connection->is_shutting_down = true;
  connection->shutdown.data = connection;
  int code = uv_shutdown(&connection->shutdown, &connection->as.stream, after_shutdown);
  if (code != 0) connection_close(connection, connection->close_reason);
}

void output_end_if_flushed(struct connection *connection) {
  if (connection->writer == NULL && connection->held_bytes == 0) start_shutdown(connection);
}

static void after_write(uv_write_t *request, int status) {
  struct connection *connection = request->data;
  struct writer *writer = connection->writer;
  unsent_end_write(&writer->unsent);
  if (status < 0) {
    drop_writer(connection);
    if (status != UV_ECANCELED) connection_fail(connection, status);
    return;
  }
  count_sent(connection, writer->request_bytes);
  connection_touch(connection);
  if (unsent_begin_write(&writer->unsent)) {
    if (!start_unsent(connection)) return;
  } else {
    drop_writer(connection);
    if (connection->relay != NULL && !output_drain(connection)) return;
  }
  if (connection->is_ending) {
    output_end_if_flushed(connection);
    return;
  }
  if (connection->session.mode == SESSION_SOURCE)
    output_pump(connection);
  else if (unsent_may_resume(output_held_bytes(connection), connection->worker->settings->max_unsent_bytes))
    connection_resume(connection);
}

/* Keeps what the socket did not take, and begins to write it unless a write is under way. */
static bool keep(struct connection *connection, const uint8_t *bytes, size_t length) {
  bool is_writing = connection->writer != NULL;
  struct writer *writer = get_writer(connection);
  if (writer == NULL ||
      !unsent_append(&writer->unsent, bytes, length, connection->worker->settings->max_unsent_bytes)) {
    /* With a write under way the writer still belongs to it; after_write() frees it. */
    if (!is_writing) drop_writer(connection);
    connection_fail(connection, UV_ENOMEM);
    return false;
  }
  if (is_writing) return true;
  unsent_begin_write(&writer->unsent);
  return start_unsent(connection);
}

/* Only without a writer: nothing is queued then. */
static ssize_t write_now(struct connection *connection, const uint8_t *bytes, size_t length) {
  if (connection->direct.is_direct) return direct_write(connection->direct.descriptor, bytes, length);
  /* libuv does not change the bytes; its buffers just have no const. */
  uv_buf_t buffer = {.base = (char *)(uintptr_t)bytes, .len = length};
  return uv_try_write(&connection->as.stream, &buffer, 1);
}

void output_spill(struct connection *connection) {
  struct worker *worker = connection->worker;
  while (relay_held_bytes(connection->relay) > 0) {
    ssize_t taken = relay_take(connection->relay, worker->buffer, WORKER_READ_BYTES);
    if (taken <= 0) {
      connection_fail(connection, taken == 0 ? UV_EPIPE : (int)taken);
      return;
    }
    if (!keep(connection, worker->buffer, (size_t)taken)) return;
  }
  bulk_leave(connection);
}

bool output_drain(struct connection *connection) {
  uint8_t first[FIRST_BYTES];
  uv_os_fd_t socket;
  int code = connection->writer != NULL ? UV_EAGAIN : uv_fileno(&connection->as.handle, &socket);
  while (code == 0 && relay_held_bytes(connection->relay) > 0) {
    ssize_t sent = relay_drain(connection->relay, socket);
    if (sent < 0 && relay_is_unfit((int)sent)) {
      connection->is_unfit_for_bulk = true;
      output_spill(connection);
      return !uv_is_closing(&connection->as.handle);
    }
    if (sent <= 0)
      code = sent == 0 ? UV_EPIPE : (int)sent;
    else
      count_sent(connection, (size_t)sent);
  }
  if (code == 0) bulk_rest(connection);
  if (code == UV_EAGAIN && connection->writer == NULL) {
    /* libuv tells of room only who waits to write: so the first of the rest wait there for it. */
    ssize_t taken = relay_take(connection->relay, first, sizeof first);
    if (taken > 0) return keep(connection, first, (size_t)taken);
    code = taken == 0 ? UV_EPIPE : (int)taken;
  }
  if (code == 0 || code == UV_EAGAIN) return true;
  connection_fail(connection, code);
  return false;
}

bool output_send(struct connection *connection, const uint8_t *bytes, size_t length) {
  size_t sent = 0;
  if (connection->relay != NULL) return output_drain(connection);
  if (length == 0) return true;
  if (connection->writer == NULL) {
    ssize_t code = write_now(connection, bytes, length);
    if (code < 0 && code != UV_EAGAIN) {
      connection_fail(connection, (int)code);
      return false;
    }
    if (code > 0) sent = (size_t)code;
    count_sent(connection, sent);
  }
  return sent == length || keep(connection, bytes + sent, length - sent);
}

void output_pump(struct connection *connection) {
  const struct pattern *pattern = connection->worker->pattern;
  struct session *session = &connection->session;
  if (connection->writer != NULL || connection->is_ending) return;
  for (int i = 0; i < PUMP_WRITES_PER_TURN; i++) {
    uv_buf_t buffer = {.base = (char *)(uintptr_t)pattern_at(pattern, session->moved_bytes), .len = PUMP_WRITE_BYTES};
    int sent = uv_try_write(&connection->as.stream, &buffer, 1);
    if (sent < 0 && sent != UV_EAGAIN) {
      connection_fail(connection, sent);
      return;
    }
    if (sent < 0) break;
    count_sent(connection, (size_t)sent);
    connection->messages++;
    connection->worker->stats.messages++;
    session->moved_bytes += (uint64_t)sent;
    if (sent < PUMP_WRITE_BYTES) break;
  }
  connection_touch(connection);
  if (connection->buffers != BUFFERS_LARGE) memory_guard_note(connection, connection->bytes_out);
  if (get_writer(connection) == NULL) {
    connection_fail(connection, UV_ENOMEM);
    return;
  }
  /* The pattern's window outlives the write, so nothing is copied; the bytes count as sent when they are. */
  uint8_t *next = (uint8_t *)(uintptr_t)pattern_at(pattern, session->moved_bytes);
  session->moved_bytes += PUMP_WRITE_BYTES;
  start_write(connection, next, PUMP_WRITE_BYTES);
}

void output_finish(struct connection *connection, const char *reason) {
  if (connection->is_ending) return;
  connection->is_ending = true;
  connection->close_reason = reason;
  connection_pause(connection);
  output_end_if_flushed(connection);
}

size_t output_held_bytes(const struct connection *connection) {
  size_t unsent_bytes = connection->writer == NULL ? 0 : unsent_held_bytes(&connection->writer->unsent);
  return unsent_bytes + connection->held_bytes + relay_held_bytes(connection->relay);
}
