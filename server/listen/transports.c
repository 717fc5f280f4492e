/* Binding, transport by transport: one row of functions each. Must not know what is served there. */
#include "server/listen/transports.h"

#include "common/io/unsent_bound.h"
#include "server/listen/alone.h"

static int init_tcp(uv_loop_t *loop, union listener_handle *handle) {
  return uv_tcp_init(loop, &handle->tcp);
}

static int ask_tcp(union listener_handle *handle, struct endpoint *endpoint) {
  int length = sizeof endpoint->address;
  return uv_tcp_getsockname(&handle->tcp, (struct sockaddr *)&endpoint->address, &length);
}

/* The connections that come to it begin as it is. Without the second of the two a small echo waits for the
 * acknowledgement of the one before it (RFC 896, Nagle's algorithm). */
static void prepare_tcp(union listener_handle *handle) {
  uv_os_fd_t socket;
  if (uv_fileno(&handle->handle, &socket) != 0) return;
  unsent_bound(socket);
  (void)uv_tcp_nodelay(&handle->tcp, 1);
}

static int bind_tcp(union listener_handle *handle, const struct plan_row *row, struct unix_socket_file *file) {
  (void)file;
  struct endpoint got;
  unsigned options = row->is_ipv6_only ? UV_TCP_IPV6ONLY : 0;
  int code = alone_ask_tcp(&handle->tcp, row->endpoint.address.ss_family);
  if (code == 0) code = uv_tcp_bind(&handle->tcp, (const struct sockaddr *)&row->endpoint.address, options);
  if (code == 0) prepare_tcp(handle);
  /* libuv keeps EADDRINUSE back; asking for the name brings it out. */
  return code != 0 ? code : ask_tcp(handle, &got);
}

static int open_tcp(union listener_handle *handle, int descriptor) {
  int code = uv_tcp_open(&handle->tcp, (uv_os_sock_t)descriptor);
  if (code == 0) prepare_tcp(handle);
  return code;
}

static int init_udp(uv_loop_t *loop, union listener_handle *handle) {
  return uv_udp_init(loop, &handle->udp);
}

static int bind_udp(union listener_handle *handle, const struct plan_row *row, struct unix_socket_file *file) {
  (void)file;
  unsigned options = row->is_ipv6_only ? UV_UDP_IPV6ONLY : 0;
  int code = alone_ask_udp(&handle->udp, row->endpoint.address.ss_family);
  return code != 0 ? code : uv_udp_bind(&handle->udp, (const struct sockaddr *)&row->endpoint.address, options);
}

static int open_udp(union listener_handle *handle, int descriptor) {
  return uv_udp_open(&handle->udp, (uv_os_sock_t)descriptor);
}

static int ask_udp(union listener_handle *handle, struct endpoint *endpoint) {
  int length = sizeof endpoint->address;
  return uv_udp_getsockname(&handle->udp, (struct sockaddr *)&endpoint->address, &length);
}

static int init_unix(uv_loop_t *loop, union listener_handle *handle) {
  return uv_pipe_init(loop, &handle->pipe, 0);
}

/* Not by libuv where there is another way: when it closes the handle it removes the path, whosever it is by then. */
static int bind_unix(union listener_handle *handle, const struct plan_row *row, struct unix_socket_file *file) {
  uv_os_sock_t descriptor;
  int code = unix_socket_bind(row->endpoint.path, &descriptor, file);
  if (code == UV_ENOTSUP) return uv_pipe_bind(&handle->pipe, row->endpoint.path);
  return code != 0 ? code : uv_pipe_open(&handle->pipe, (uv_file)descriptor);
}

static int open_unix(union listener_handle *handle, int descriptor) {
  return uv_pipe_open(&handle->pipe, descriptor);
}

static int ask_unix(union listener_handle *handle, struct endpoint *endpoint) {
  (void)handle;
  (void)endpoint;
  return 0;
}

static const struct transport_row rows[] = {
    [TRANSPORT_TCP] = {.init = init_tcp, .bind = bind_tcp, .open = open_tcp, .ask_address = ask_tcp},
    [TRANSPORT_UDP] = {.init = init_udp, .bind = bind_udp, .open = open_udp, .ask_address = ask_udp},
    [TRANSPORT_UNIX] = {.init = init_unix, .bind = bind_unix, .open = open_unix, .ask_address = ask_unix},
};

const struct transport_row *transports_find(enum transport transport) {
  return &rows[transport];
}
