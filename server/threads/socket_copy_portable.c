/* Where nobody wrote that system's own file yet: a connection stays in the loop that accepted it. */
#include "server/threads/socket_copy.h"

bool socket_copy_is_possible(void) {
  return false;
}

int socket_copy_make(const uv_handle_t *socket, uv_os_sock_t *copy) {
  (void)socket;
  (void)copy;
  return UV_ENOTSUP;
}

void socket_copy_close(uv_os_sock_t copy) {
  (void)copy;
}
