/* Where nobody wrote that system's own file yet: libuv's way is the only one. */
#include <string.h>

#include "common/io/unix_socket.h"

bool unix_socket_has_abstract(void) {
  return false;
}

bool unix_socket_is_abstract(const char *path) {
  (void)path;
  return false;
}

int unix_socket_connect_abstract(const char *path, uv_os_sock_t *made) {
  (void)path;
  (void)made;
  return UV_ENOTSUP;
}

int unix_socket_bind(const char *path, uv_os_sock_t *made, struct unix_socket_file *file) {
  (void)path;
  (void)made;
  memset(file, 0, sizeof *file);
  return UV_ENOTSUP;
}

int unix_socket_remove(const char *path, const struct unix_socket_file *file) {
  (void)path;
  (void)file;
  return 0;
}
