/* TCP: what differs from a unix socket when a connection is accepted. */
#include "server/echo/accept.h"
#include "server/echo/services.h"

static int init_connection(uv_loop_t *loop, union stream_handle *handle) {
  return uv_tcp_init(loop, &handle->tcp);
}

static int open_connection(union stream_handle *handle, uv_os_sock_t socket) {
  return uv_tcp_open(&handle->tcp, socket);
}

static int write_peer(const union stream_handle *handle, char out[ADDRESS_TEXT_SIZE]) {
  struct sockaddr_storage peer = {0};
  int length = sizeof peer;
  int code = uv_tcp_getpeername(&handle->tcp, (struct sockaddr *)&peer, &length);
  if (code == 0) address_format(&peer, out);
  return code;
}

static const struct stream_kind tcp_stream = {
    .transport = TRANSPORT_TCP,
    .init = init_connection,
    .open = open_connection,
    .write_peer = write_peer,
};

int echo_tcp_accept(struct worker *worker, uv_os_sock_t socket) {
  return accept_taken(worker, socket, &tcp_stream);
}
