/* No floor where the threads' sockets are not POSIX's. */
#include "client/run/floor.h"

#include <uv.h>

bool floor_exists(void) {
  return false;
}

int floor_open(const struct endpoint *like, size_t bytes, uint32_t server_pid, struct floor **floor) {
  (void)like;
  (void)bytes;
  (void)server_pid;
  *floor = NULL;
  return UV_ENOTSUP;
}

int floor_run(struct floor *floor, uint64_t duration_ns, struct histogram *rtt, uint64_t *same_cpu) {
  (void)floor;
  (void)duration_ns;
  (void)rtt;
  (void)same_cpu;
  return UV_ENOTSUP;
}

void floor_close(struct floor *floor) {
  (void)floor;
}
