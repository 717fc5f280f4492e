/* Kernel receive times where the system is not known to tell them. */
#include "common/io/kernel_times.h"

#include <string.h>

bool kernel_times_exist(void) {
  return false;
}

int kernel_times_start(struct kernel_times *times, const uv_handle_t *socket) {
  (void)socket;
  memset(times, 0, sizeof *times);
  return UV_ENOTSUP;
}

void kernel_times_stop(struct kernel_times *times, const uv_handle_t *socket) {
  (void)socket;
  memset(times, 0, sizeof *times);
}

void kernel_times_ask(struct kernel_times *times, const uv_handle_t *socket) {
  (void)socket;
  memset(times, 0, sizeof *times);
}

void kernel_times_measure_distance(struct clock_distance *distance) {
  memset(distance, 0, sizeof *distance);
}
