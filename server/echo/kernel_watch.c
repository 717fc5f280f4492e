/* When to ask the kernel for its times, and what of them goes into a frame. Must not know streams from datagrams. */
#include "server/echo/kernel_watch.h"

#include <string.h>

#include "common/text/clock.h"

#define QUIET_NS CLOCK_NS_PER_SECOND

void kernel_watch_before_read(struct kernel_watch *watch, const uv_handle_t *socket) {
  if (!watch->times.is_on) return;
  kernel_times_ask(&watch->times, socket);
  if (watch->times.awake_ns - watch->asked_for_ns > QUIET_NS) kernel_times_stop(&watch->times, socket);
}

bool kernel_watch_is_early(const struct kernel_watch *watch) {
  return watch->times.is_on && !watch->times.has_found;
}

bool kernel_watch_fill(struct kernel_watch *watch, const uv_handle_t *socket, struct wire_kernel_times *times) {
  memset(times, 0, sizeof *times);
  watch->asked_for_ns = clock_now_ns();
  if (!watch->times.is_on) {
    watch->previous_send_ns = 0;
    return kernel_times_start(&watch->times, socket) == 0;
  }
  times->kernel_receive_realtime_ns = watch->times.received_realtime_ns;
  times->server_awake_ns = watch->times.awake_ns;
  times->asking_ns = (uint32_t)(watch->times.asked_ns - watch->times.awake_ns);
  times->previous_send_ns = watch->previous_send_ns;
  return true;
}

void kernel_watch_after_send(struct kernel_watch *watch, uint64_t begin_ns) {
  if (watch->times.is_on) watch->previous_send_ns = (uint32_t)(clock_now_ns() - begin_ns);
}
