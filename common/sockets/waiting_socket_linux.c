/* Taking connections on Linux. */
#include "common/sockets/waiting_socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int waiting_socket_listen(uv_os_fd_t bound, int backlog) {
  return listen(bound, backlog) == 0 ? 0 : uv_translate_sys_error(errno);
}

int waiting_socket_take(uv_os_fd_t listening, uv_os_sock_t *taken) {
  int descriptor = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) return uv_translate_sys_error(errno);
  *taken = descriptor;
  return 0;
}

bool waiting_socket_is_of_connection(int code) {
  switch (code) {
    case UV_ECONNABORTED:
    case UV_EINTR:
    case UV_ENETDOWN:
    case UV_EPROTO:
    case UV_ENOPROTOOPT:
    case UV_EHOSTUNREACH:
    case UV_ENETUNREACH:
      return true;
    default:
      return code == uv_translate_sys_error(EHOSTDOWN) || code == uv_translate_sys_error(ENONET);
  }
}

void waiting_socket_close(uv_os_sock_t taken) {
  (void)close(taken);
}
