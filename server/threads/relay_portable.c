/* Where nobody wrote that system's own file yet: bytes go through this process. */
#include "server/threads/relay.h"

struct relay *relay_create(void) {
  return NULL;
}

void relay_free(struct relay *relay) {
  (void)relay;
}

size_t relay_held_bytes(const struct relay *relay) {
  (void)relay;
  return 0;
}

ssize_t relay_fill(struct relay *relay, uv_os_fd_t socket, size_t most) {
  (void)relay;
  (void)socket;
  (void)most;
  return UV_ENOTSUP;
}

ssize_t relay_drain(struct relay *relay, uv_os_fd_t socket) {
  (void)relay;
  (void)socket;
  return UV_ENOTSUP;
}

bool relay_is_unfit(int code) {
  (void)code;
  return true;
}

ssize_t relay_take(struct relay *relay, uint8_t *bytes, size_t length) {
  (void)relay;
  (void)bytes;
  (void)length;
  return UV_ENOTSUP;
}
