/* Where nobody wrote that system's own file yet: there is no such lock. */
#include "server/listen/folder_lock.h"

int folder_lock_take(const char *folder, uint64_t wait_ms, uv_file *lock) {
  (void)folder;
  (void)wait_ms;
  (void)lock;
  return UV_ENOTSUP;
}

void folder_lock_lend(uv_file lock) {
  (void)lock;
}

int folder_lock_take_back(uv_file lock, uint64_t wait_ms) {
  (void)lock;
  (void)wait_ms;
  return UV_ENOTSUP;
}

void folder_lock_release(uv_file lock) {
  (void)lock;
}
