/* Taking connections where nobody wrote that system's own file yet: what POSIX has. libuv makes the socket one that
 * does not block, and this program starts no other that could inherit it. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/sockets/waiting_socket.h"

int waiting_socket_listen(uv_os_fd_t bound, int backlog) {
  return listen(bound, backlog) == 0 ? 0 : uv_translate_sys_error(errno);
}

int waiting_socket_take(uv_os_fd_t listening, uv_os_sock_t *taken) {
  int descriptor = accept(listening, NULL, NULL);
  if (descriptor < 0) return uv_translate_sys_error(errno);
  *taken = descriptor;
  return 0;
}

bool waiting_socket_is_of_connection(int code) {
  return code == UV_ECONNABORTED || code == UV_EINTR || code == UV_EPROTO;
}

void waiting_socket_close(uv_os_sock_t taken) {
  (void)close(taken);
}
