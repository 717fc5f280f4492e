/* Direct reads on Linux. */
#include <errno.h>
#include <sys/socket.h>

#include "common/direct_read.h"

bool direct_read_is_possible(void) {
  return true;
}

/* "Nothing yet" is the usual answer, and the time until the next try is part of somebody's round trip. */
static ssize_t to_code(ssize_t got) {
  if (got >= 0) return got;
  return errno == EAGAIN ? UV_EAGAIN : uv_translate_sys_error(errno);
}

ssize_t direct_read(uv_os_fd_t descriptor, void *bytes, size_t length) {
  return to_code(recv(descriptor, bytes, length, MSG_DONTWAIT));
}

ssize_t direct_read_from(uv_os_fd_t descriptor, void *bytes, size_t length, struct sockaddr_storage *from) {
  socklen_t from_length = sizeof *from;
  return to_code(recvfrom(descriptor, bytes, length, MSG_DONTWAIT, (struct sockaddr *)from, &from_length));
}
