/* Copies of a socket's descriptor by POSIX. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "server/threads/socket_copy.h"

bool socket_copy_is_possible(void) {
  return true;
}

int socket_copy_make(const uv_handle_t *socket, uv_os_sock_t *copy) {
  uv_os_fd_t descriptor;
  int code = uv_fileno(socket, &descriptor);
  if (code != 0) return code;
  *copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  return *copy >= 0 ? 0 : uv_translate_sys_error(errno);
}

void socket_copy_close(uv_os_sock_t copy) {
  (void)close(copy);
}
