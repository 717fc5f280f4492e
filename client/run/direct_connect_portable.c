/* Where nobody wrote that system's own file yet: the event loop connects. */
#include "client/run/direct_connect.h"

int direct_connect(const struct sockaddr *to, const struct sockaddr *source, struct direct_connection *out) {
  (void)to;
  (void)source;
  (void)out;
  return UV_ENOTSUP;
}

void direct_connect_close(uv_os_sock_t socket) {
  (void)socket;
}
