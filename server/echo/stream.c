/*
 * Reading: by the loop's poller, or asked directly while the loop spins.
 *
 * What is done with the bytes is in modes.c, how they leave in output.c. Must not know TCP from unix sockets.
 */
#include "server/echo/stream.h"

#include "common/io/direct_io.h"
#include "common/io/zero_copy.h"
#include "common/text/clock.h"
#include "server/echo/bulk.h"
#include "server/echo/memory_guard.h"
#include "server/echo/modes.h"
#include "server/echo/output.h"

static size_t choose_length(const struct connection *connection) {
  if (!modes_is_bounded(connection)) return WORKER_READ_BYTES;
  return unsent_choose_read_bytes(output_held_bytes(connection), connection->worker->settings->max_unsent_bytes,
                                  WORKER_READ_BYTES);
}

static ssize_t discard(struct connection *connection) {
  uv_os_fd_t descriptor;
  int code = uv_fileno(&connection->as.handle, &descriptor);
  return code != 0 ? code : zero_copy_discard(descriptor, connection->worker->buffer, WORKER_READ_BYTES);
}

static bool is_moved_unread(const struct connection *connection) {
  return connection->session.is_unread || bulk_is_on(connection);
}

/* Leaves libuv nothing to read; on_read() then finds in `moved` what a read would have returned. */
static void move_unread(struct connection *connection, uv_buf_t *buffer) {
  connection->worker->moved =
      connection->session.is_unread ? discard(connection) : bulk_fill(connection, choose_length(connection));
  *buffer = uv_buf_init(NULL, 0);
}

static void on_alloc(uv_handle_t *handle, size_t suggested_bytes, uv_buf_t *buffer) {
  struct connection *connection = handle->data;
  struct worker *worker = connection->worker;
  (void)suggested_bytes;
  if (is_moved_unread(connection)) {
    move_unread(connection, buffer);
    return;
  }
  kernel_watch_before_read(&connection->kernel_watch, handle);
  /* What is read follows the partial frame, which on_read() puts before it. */
  worker->moved = UV_ENOBUFS; /* nothing was: what libuv says stands */
  buffer->base = (char *)worker->buffer + connection->session.partial_bytes;
  buffer->len = choose_length(connection);
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buffer) {
  struct connection *connection = stream->data;
  struct worker *worker = connection->worker;
  (void)buffer;
  if (nread == UV_ENOBUFS) nread = worker->moved == 0 ? UV_EOF : worker->moved;
  if (nread == 0) return;
  if (nread == UV_EAGAIN) {
    /* There was something to read, so its relay is full. */
    if (connection->relay != NULL) output_spill(connection);
    return;
  }
  uint64_t receive_ns = connection->session.mode == SESSION_PLAIN ? 0 : clock_now_ns();
  if (nread == UV_EOF) {
    modes_take_end(connection);
    return;
  }
  if (nread < 0) {
    connection_fail(connection, (int)nread);
    return;
  }
  worker->stats.bytes_in += (uint64_t)nread;
  if (worker->spinner.is_on && worker_ask_directly(worker, &connection->direct, &connection->as.handle))
    uv_read_stop(stream); /* always 0, says its manual */
  connection->bytes_in += (uint64_t)nread;
  connection_touch(connection);
  /* Copied each time, as another connection's read may have used the buffer since. */
  size_t partial_bytes = session_copy_partial(&connection->session, worker->buffer);
  modes_take(connection, worker->buffer, partial_bytes + (size_t)nread, receive_ns);
  if (uv_is_closing(&connection->as.handle) || connection->is_ending) return;
  bulk_note(connection, (size_t)nread);
  bool is_full = modes_is_bounded(connection) && output_held_bytes(connection) >= worker->settings->max_unsent_bytes;
  if (is_full) connection_pause(connection);
  if ((is_full || nread >= MEMORY_GUARD_BULK_BYTES) && connection->buffers != BUFFERS_LARGE)
    memory_guard_note(connection, modes_is_bounded(connection) ? connection->bytes_out : connection->bytes_in);
}

static struct connection *connection_of(struct direct_socket *socket) {
  return (struct connection *)(void *)((char *)socket - offsetof(struct connection, direct));
}

static void watch(struct direct_socket *socket) {
  struct connection *connection = connection_of(socket);
  int code = uv_read_start(&connection->as.stream, on_alloc, on_read);
  if (code != 0) connection_fail(connection, code);
}

/* What libuv does when its poller tells of input, without the poller. Kept short: what it does between two tries is
 * time in which a message may lie there unread. */
static bool poll_once(struct direct_socket *socket) {
  struct connection *connection = connection_of(socket);
  uv_buf_t buffer;
  on_alloc(&connection->as.handle, 0, &buffer);
  bool is_unread = is_moved_unread(connection);
  if (!is_unread && (buffer.len == 0 || kernel_watch_is_early(&connection->kernel_watch))) return false;
  ssize_t nread = is_unread ? connection->worker->moved : direct_read(socket->descriptor, buffer.base, buffer.len);
  if (nread == UV_EAGAIN) return false;
  on_read(&connection->as.stream, nread == 0 ? UV_EOF : nread, &buffer);
  return true;
}

static const struct direct_ops reading = {.poll = poll_once, .watch = watch};

int stream_create(struct worker *worker, const struct stream_kind *kind, struct connection **created) {
  return connection_create(worker, kind, &reading, created);
}

void stream_begin(struct connection *connection) {
  connection_enlist(connection);
  if (!connection_resume(connection) || !connection->is_reading) return;
  /* On loopback its first message is often there already: the poller is asked once less. */
  if (uv_fileno(&connection->as.handle, &connection->direct.descriptor) == 0) (void)poll_once(&connection->direct);
}
