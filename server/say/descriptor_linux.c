/* Writing without waiting, on Linux. */
#include "server/say/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <uv.h>

static enum descriptor_kind find_kind(int number) {
  struct stat status;
  if (fstat(number, &status) != 0) return DESCRIPTOR_PLAIN;
  if (S_ISFIFO(status.st_mode)) return DESCRIPTOR_PIPE;
  if (S_ISSOCK(status.st_mode)) return DESCRIPTOR_SOCKET;
  return isatty(number) ? DESCRIPTOR_TERMINAL : DESCRIPTOR_PLAIN;
}

struct descriptor descriptor_begin(int number) {
  char path[32];
  struct descriptor descriptor = {.number = number, .kind = find_kind(number)};
  if (descriptor.kind != DESCRIPTOR_TERMINAL) return descriptor;
  snprintf(path, sizeof path, "/proc/self/fd/%d", number);
  int own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (own >= 0) descriptor = (struct descriptor){.number = own, .kind = DESCRIPTOR_TERMINAL, .is_own = true};
  return descriptor;
}

void descriptor_end(struct descriptor *descriptor) {
  if (descriptor->is_own) close(descriptor->number);
  descriptor->is_own = false;
}

static bool has_room(const struct descriptor *descriptor, int milliseconds) {
  struct pollfd asked = {.fd = descriptor->number, .events = POLLOUT};
  /* What poll() fails with, the write will say. */
  return poll(&asked, 1, milliseconds) != 0;
}

/* A pipe with room has room for PIPE_BUF bytes, unless another writer is quicker: from Linux 6.4 on it can be told not
 * to wait for that either. */
static ssize_t write_to_pipe(int number, const char *bytes, size_t length) {
  struct iovec piece = {.iov_base = (char *)(size_t)bytes, .iov_len = length < PIPE_BUF ? length : PIPE_BUF};
  /* As a bare call, as not every C library has it: the position -1, in two halves, is the pipe's own. */
  ssize_t written = syscall(SYS_pwritev2, number, &piece, 1L, -1L, -1L, (long)RWF_NOWAIT);
  if (written < 0 && (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL))
    return write(number, bytes, piece.iov_len);
  return written;
}

static ssize_t write_some(const struct descriptor *descriptor, const char *bytes, size_t length) {
  switch (descriptor->kind) {
    case DESCRIPTOR_PIPE:
      return write_to_pipe(descriptor->number, bytes, length);
    case DESCRIPTOR_SOCKET:
      return send(descriptor->number, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    case DESCRIPTOR_PLAIN:
    case DESCRIPTOR_TERMINAL:
      break;
  }
  return write(descriptor->number, bytes, length);
}

ssize_t descriptor_write(const struct descriptor *descriptor, const char *bytes, size_t length) {
  if (!has_room(descriptor, 0)) return UV_EAGAIN;
  ssize_t written;
  do
    written = write_some(descriptor, bytes, length);
  while (written < 0 && errno == EINTR);
  return written >= 0 ? written : uv_translate_sys_error(errno);
}

void descriptor_wait(const struct descriptor *descriptor, int milliseconds) {
  (void)has_room(descriptor, milliseconds);
}
