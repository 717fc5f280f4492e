/* The lock of a folder on Linux. */
#include "common/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/address.h"
#include "common/clock.h"

#define TRY_AGAIN_MS 2

static int open_folder_of(const char *path) {
  char folder[ADDRESS_PATH_SIZE] = ".";
  const char *slash = strrchr(path, '/');
  size_t length = slash == NULL ? 0 : (size_t)(slash - path) + 1;
  if (length >= sizeof folder) {
    errno = ENAMETOOLONG;
    return -1;
  }
  if (length > 0) {
    memcpy(folder, path, length);
    folder[length] = '\0';
  }
  return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Asked again and again rather than waited for: a holder that is stopped must not stop us. */
static int lock_until(int descriptor, uint64_t end_ns) {
  while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return uv_translate_sys_error(errno);
    if (clock_now_ns() >= end_ns) return UV_ETIMEDOUT;
    uv_sleep(TRY_AGAIN_MS);
  }
  return 0;
}

int folder_lock_take(const char *path, uint64_t wait_ms, uv_file *lock) {
  uint64_t end_ns = clock_now_ns() + wait_ms * CLOCK_NS_PER_MS;
  int descriptor = open_folder_of(path);
  if (descriptor < 0) return uv_translate_sys_error(errno);
  int code = lock_until(descriptor, end_ns);
  if (code != 0) {
    close(descriptor);
    return code;
  }
  *lock = descriptor;
  return 0;
}

void folder_lock_release(uv_file lock) {
  close(lock);
}
