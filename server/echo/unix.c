/* Unix sockets: what differs from TCP when a connection is accepted. */
#include "server/echo/accept.h"
#include "server/echo/services.h"

static int init_connection(uv_loop_t *loop, union stream_handle *handle) {
  return uv_pipe_init(loop, &handle->pipe, 0);
}

static int open_connection(union stream_handle *handle, uv_os_sock_t socket) {
  return uv_pipe_open(&handle->pipe, (uv_file)socket);
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
    .write_peer = write_peer,
};

int echo_unix_accept(struct worker *worker, uv_os_sock_t socket) {
  return accept_taken(worker, socket, &unix_stream);
}
