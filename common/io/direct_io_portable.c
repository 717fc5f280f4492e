/* Where neither is known to work: busy-polling then spins over the loop's own poller. */
#include "common/io/direct_io.h"

bool direct_io_is_possible(void) {
  return false;
}

ssize_t direct_read(uv_os_fd_t descriptor, void *bytes, size_t length) {
  (void)descriptor;
  (void)bytes;
  (void)length;
  return UV_EAGAIN;
}

ssize_t direct_read_from(uv_os_fd_t descriptor, void *bytes, size_t length, struct sockaddr_storage *from) {
  (void)from;
  return direct_read(descriptor, bytes, length);
}

ssize_t direct_write(uv_os_fd_t descriptor, const void *bytes, size_t length) {
  (void)descriptor;
  (void)bytes;
  (void)length;
  return UV_EAGAIN;
}

ssize_t direct_write_to(uv_os_fd_t descriptor, const void *bytes, size_t length, const struct sockaddr_storage *to) {
  (void)to;
  return direct_write(descriptor, bytes, length);
}
