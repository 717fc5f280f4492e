/* Where no zero-copy is known to work: who asks for it reads and writes as usual, and says so. */
#include "common/io/zero_copy.h"

bool zero_copy_is_possible(void) {
  return false;
}

int zero_copy_file_create(const uint8_t *bytes, size_t length, uv_file *file) {
  (void)bytes;
  (void)length;
  *file = -1;
  return UV_ENOTSUP;
}

void zero_copy_file_close(uv_file file) {
  (void)file;
}

ssize_t zero_copy_send(uv_os_fd_t descriptor, uv_file file, uint64_t offset, size_t length) {
  (void)descriptor;
  (void)file;
  (void)offset;
  (void)length;
  return UV_ENOTSUP;
}

ssize_t zero_copy_discard(uv_os_fd_t descriptor, uint8_t *scratch, size_t scratch_bytes) {
  (void)descriptor;
  (void)scratch;
  (void)scratch_bytes;
  return UV_ENOTSUP;
}
