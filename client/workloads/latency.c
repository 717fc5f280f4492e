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
static size_t batch_of(const struct flow *flow) {
  const struct run_plan *plan = flow->run->plan;
  size_t room = in_flight_room(flow->in_flight);
  bool is_alone = flow->run->endpoint.transport == TRANSPORT_UDP || plan->writes > 1;
  if (is_alone && room > 1) room = 1;
  bool is_counted = plan->count > 0 && flow->run->phase == RUN_MEASURING;
  uint64_t left = is_counted ? plan->count - flow->run->measured_sends : room;
  return left < room ? (size_t)left : room;
}

static void fill(struct flow *flow) {
  struct run *run = flow->run;
  while (run_may_send(run) && !has_sent_all(run) && in_flight_has_room(flow->in_flight))
    if (!messages_send(flow, batch_of(flow), 0)) return;
  if (has_sent_all(run)) run_stop(run);
  run_check_drained(run);
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  messages_take(flow, bytes, length, clock_now_ns());
  fill(flow);
}

static void on_guard(struct flow *flow, uint64_t now_ns) {
  if (messages_expire(flow, now_ns) > 0) fill(flow);
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
