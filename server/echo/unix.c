/* Unix sockets: what differs from TCP when listening and when accepted. The echo itself is in echo_stream.c; what
 * stands at the path already is the business of unix_path.c. */
#include "server/echo/stream.h"
#include "server/listen/listeners.h"

#define BACKLOG 4096

static int init_connection(uv_loop_t *loop, union stream_handle *handle) {
  return uv_pipe_init(loop, &handle->pipe, 0);
}

static int open_connection(union stream_handle *handle, uv_os_sock_t socket) {
  return uv_pipe_open(&handle->pipe, (uv_file)socket);
}

static int prepare_connection(union stream_handle *handle) {
  (void)handle;
  return 0;
}

/* A client of a unix socket has no address of its own. */
static int write_peer(const union stream_handle *handle, char out[ADDRESS_TEXT_SIZE]) {
  (void)handle;
  out[0] = '\0';
  return 0;
}

static const struct stream_kind unix_stream = {
    .transport = TRANSPORT_UNIX,
    .init = init_connection,
    .open = open_connection,
    .prepare = prepare_connection,
    .write_peer = write_peer,
};

static void on_connection(uv_stream_t *listening, int status) {
  echo_stream_accept(listening, &unix_stream, status);
}

static int init_listener(uv_loop_t *loop, union listener_handle *handle) {
  return uv_pipe_init(loop, &handle->pipe, 0);
}

/* libuv removes the path again when the handle is closed. */
static int bind_listener(union listener_handle *handle, const struct plan_row *row) {
  return uv_pipe_bind(&handle->pipe, row->endpoint.path);
}

static int ask_address(union listener_handle *handle, struct endpoint *endpoint) {
  (void)handle;
  (void)endpoint;
  return 0;
}

static int start_listener(union listener_handle *handle) {
  return uv_listen(&handle->stream, BACKLOG, on_connection);
}

const struct listener_kind echo_unix_listener = {
    .init = init_listener,
    .bind = bind_listener,
    .ask_address = ask_address,
    .start = start_listener,
};
