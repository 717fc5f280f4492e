/* Zero-copy on Linux. */
#include <errno.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/io/zero_copy.h"

/* Of one call, so that other sockets of the loop get their turn: about what a socket's buffer holds. */
#define DISCARD_CALLS_MAX 16

bool zero_copy_is_possible(void) {
  return true;
}

int zero_copy_file_create(const uint8_t *bytes, size_t length, uv_file *file) {
  int descriptor = memfd_create("pattern", MFD_CLOEXEC);
  if (descriptor < 0) return uv_translate_sys_error(errno);
  for (size_t done = 0; done < length;) {
    ssize_t written = write(descriptor, bytes + done, length - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      int code = written < 0 ? uv_translate_sys_error(errno) : UV_EIO;
      close(descriptor);
      return code;
    }
    done += (size_t)written;
  }
  *file = descriptor;
  return 0;
}

void zero_copy_file_close(uv_file file) {
  close(file);
}

ssize_t zero_copy_send(uv_os_fd_t descriptor, uv_file file, uint64_t offset, size_t length) {
  off_t at = (off_t)offset;
  ssize_t sent = sendfile(descriptor, file, &at, length);
  return sent >= 0 ? sent : uv_translate_sys_error(errno);
}

ssize_t zero_copy_discard(uv_os_fd_t descriptor, uint8_t *scratch, size_t scratch_bytes) {
  ssize_t discarded = 0;
  for (int call = 0; call < DISCARD_CALLS_MAX; call++) {
    ssize_t got = recv(descriptor, scratch, scratch_bytes, MSG_DONTWAIT | MSG_TRUNC);
    /* An end or an error after bytes is still there at the next call. */
    if (got <= 0 && discarded > 0) break;
    if (got == 0) return 0;
    if (got < 0) return errno == EAGAIN ? UV_EAGAIN : uv_translate_sys_error(errno);
    discarded += got;
    if ((size_t)got < scratch_bytes) break;
  }
  return discarded;
}
