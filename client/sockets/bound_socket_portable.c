/* Where nobody wrote that system's own file yet: libuv there cannot take such a socket. */
#include <string.h>

#include "client/sockets/bound_socket.h"

int bound_socket_make(enum transport transport, const struct sockaddr_storage *address, uv_os_sock_t *descriptor) {
  (void)transport;
  (void)address;
  (void)descriptor;
  return UV_ENOTSUP;
}

void bound_socket_close(uv_os_sock_t descriptor) {
  (void)descriptor;
}

int bound_socket_address(uv_os_sock_t descriptor, struct sockaddr_storage *address) {
  (void)descriptor;
  memset(address, 0, sizeof *address);
  return UV_ENOTSUP;
}
