/* Direct reads on Linux. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "common/direct_read.h"

bool direct_read_is_possible(void) {
  return true;
}

ssize_t direct_read(uv_os_fd_t descriptor, void *bytes, size_t length) {
  ssize_t got = recv(descriptor, bytes, length, MSG_DONTWAIT);
  return got >= 0 ? got : uv_translate_sys_error(errno);
}

ssize_t direct_read_from(uv_os_fd_t descriptor, void *bytes, size_t length, struct sockaddr_storage *from) {
  socklen_t from_length = sizeof *from;
  memset(from, 0, sizeof *from);
  ssize_t got = recvfrom(descriptor, bytes, length, MSG_DONTWAIT, (struct sockaddr *)from, &from_length);
  return got >= 0 ? got : uv_translate_sys_error(errno);
}
