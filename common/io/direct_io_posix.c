/* Direct reads and writes by POSIX's calls, and MSG_DONTWAIT, which Linux, macOS and the BSDs share. */
#include <errno.h>
#include <sys/socket.h>

#include "common/io/direct_io.h"
#include "common/io/plain_socket_posix.h"
#include "common/net/address.h"

bool direct_io_is_possible(void) {
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

/* No room in a queue below the socket is no room, as libuv has it, too. */
static ssize_t to_write_code(ssize_t put) {
  return put < 0 && errno == ENOBUFS ? UV_EAGAIN : to_code(put);
}

ssize_t direct_write(uv_os_fd_t descriptor, const void *bytes, size_t length) {
  return to_write_code(send(descriptor, bytes, length, MSG_DONTWAIT | PLAIN_SOCKET_NO_SIGNAL));
}

ssize_t direct_write_to(uv_os_fd_t descriptor, const void *bytes, size_t length, const struct sockaddr_storage *to) {
  return to_write_code(sendto(descriptor, bytes, length, MSG_DONTWAIT | PLAIN_SOCKET_NO_SIGNAL,
                              (const struct sockaddr *)to, (socklen_t)address_bytes(to)));
}
