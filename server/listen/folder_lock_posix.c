/* The lock of a folder by flock(2), which Linux, macOS and the BSDs share. */
#include "server/listen/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/text/clock.h"

#define TRY_AGAIN_MS 2

/* Asked again and again rather than waited for: a holder that is stopped must not stop us. */
static int lock_until(int descriptor, uint64_t end_ns) {
  while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return uv_translate_sys_error(errno);
    if (clock_now_ns() >= end_ns) return UV_ETIMEDOUT;
    uv_sleep(TRY_AGAIN_MS);
  }
  return 0;
}

int folder_lock_take(const char *folder, uint64_t wait_ms, uv_file *lock) {
  uint64_t end_ns = clock_now_ns() + wait_ms * CLOCK_NS_PER_MS;
  int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return uv_translate_sys_error(errno);
  int code = lock_until(descriptor, end_ns);
  if (code != 0) {
    close(descriptor);
    return code;
  }
  *lock = descriptor;
  return 0;
}

void folder_lock_lend(uv_file lock) {
  (void)flock(lock, LOCK_UN);
}

int folder_lock_take_back(uv_file lock, uint64_t wait_ms) {
  return lock_until(lock, clock_now_ns() + wait_ms * CLOCK_NS_PER_MS);
}

void folder_lock_release(uv_file lock) {
  close(lock);
}
