/* TCP: what differs from a unix socket when listening and when accepted. The echo itself is in echo_stream.c. */
#include "server/echo/stream.h"
#include "server/listen/listeners.h"

/* As many as the system allows may wait (Linux cuts it to net.core.somaxconn): a thousand clients can start at once. */
#define BACKLOG 4096

static int init_connection(uv_loop_t *loop, union stream_handle *handle) {
  return uv_tcp_init(loop, &handle->tcp);
}

static int open_connection(union stream_handle *handle, uv_os_sock_t socket) {
  return uv_tcp_open(&handle->tcp, socket);
}

/* Without this a small echo waits for the acknowledgement of the one before it (RFC 896, Nagle's algorithm). */
static int prepare_connection(union stream_handle *handle) {
  return uv_tcp_nodelay(&handle->tcp, 1);
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
    .prepare = prepare_connection,
    .write_peer = write_peer,
};

static void on_connection(uv_stream_t *listening, int status) {
  echo_stream_accept(listening, &tcp_stream, status);
}

static int init_listener(uv_loop_t *loop, union listener_handle *handle) {
  return uv_tcp_init(loop, &handle->tcp);
}

static int ask_address(union listener_handle *handle, struct endpoint *endpoint) {
  int length = sizeof endpoint->address;
  return uv_tcp_getsockname(&handle->tcp, (struct sockaddr *)&endpoint->address, &length);
}

static int bind_listener(union listener_handle *handle, const struct plan_row *row) {
  struct endpoint got;
  unsigned options = row->is_ipv6_only ? UV_TCP_IPV6ONLY : 0;
  int code = uv_tcp_bind(&handle->tcp, (const struct sockaddr *)&row->endpoint.address, options);
  /* libuv keeps EADDRINUSE back; asking for the name brings it out. */
  return code != 0 ? code : ask_address(handle, &got);
}

static int start_listener(union listener_handle *handle) {
  return uv_listen(&handle->stream, BACKLOG, on_connection);
}

const struct listener_kind echo_tcp_listener = {
    .init = init_listener,
    .bind = bind_listener,
    .ask_address = ask_address,
    .start = start_listener,
};
