/* latency: back-to-back round trips. A closed loop: each connection keeps `depth` messages in flight, and the next one
 * leaves when a reply has come. */
#include "client/workloads/messages.h"
#include "client/workloads/workloads.h"
#include "common/clock.h"

static bool has_sent_all(const struct run *run) {
  return run->plan->count > 0 && run->measured_sends >= run->plan->count;
}

static void fill(struct lane *lane) {
  struct run *run = lane->run;
  while (run_may_send(run) && !has_sent_all(run) && exchange_has_room(lane->exchange))
    if (!messages_send(lane, 0)) return;
  if (has_sent_all(run)) run_stop(run);
  run_check_drained(run);
}

static void on_bytes(struct lane *lane, const uint8_t *bytes, size_t length) {
  messages_take(lane, bytes, length, clock_now_ns());
  fill(lane);
}

static void on_guard(struct lane *lane, uint64_t now_ns) {
  if (messages_expire(lane, now_ns) > 0) fill(lane);
}

const struct workload workload_latency = {
    .name = "latency",
    .has_depth = true,
    .read_bytes = 64 * 1024,
    .greeting = messages_greeting,
    .prepare = messages_prepare,
    .begin = fill,
    .on_bytes = on_bytes,
    .on_guard = on_guard,
    .is_drained = messages_is_drained,
};
