/* latency: back-to-back round trips. A closed loop: each connection keeps `depth` messages in flight, and the next one
 * leaves when a reply has come. */
#include "client/workloads/messages.h"
#include "client/workloads/workload.h"
#include "common/text/clock.h"

static bool has_sent_all(const struct run *run) {
  return run->plan->count > 0 && run->measured_sends >= run->plan->count;
}

/* On a stream, all that may leave at one moment leaves in one send call: with 16 in flight that is a sixteenth of the
 * calls, and the server reads what was written together at once, too. */
static size_t batch_of(const struct lane *lane) {
  const struct run_plan *plan = lane->run->plan;
  size_t room = exchange_room(lane->exchange);
  bool is_alone = lane->run->endpoint.transport == TRANSPORT_UDP || plan->writes > 1;
  if (is_alone && room > 1) room = 1;
  bool is_counted = plan->count > 0 && lane->run->phase == RUN_MEASURING;
  uint64_t left = is_counted ? plan->count - lane->run->measured_sends : room;
  return left < room ? (size_t)left : room;
}

static void fill(struct lane *lane) {
  struct run *run = lane->run;
  while (run_may_send(run) && !has_sent_all(run) && exchange_has_room(lane->exchange))
    if (!messages_send(lane, batch_of(lane), 0)) return;
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
