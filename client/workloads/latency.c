/* latency: back-to-back round trips. A closed loop: each connection keeps `depth` messages in flight, and the next one
 * leaves when a reply has come. With a rate it becomes the open loop (open_loop.c). */
#include "client/workloads/messages.h"
#include "client/workloads/workloads.h"
#include "common/text/clock.h"

static void resolve(struct run_plan *plan) {
  if (plan->messages_per_1000s == 0) return;
  plan->workload = &workload_open_loop;
  plan->workload->resolve(plan);
}

/* On a stream, all that may leave at one moment leaves in one send call: with 16 in flight that is a sixteenth of the
 * calls, and the server reads what was written together at once, too. */
static size_t batch_of(const struct flow *flow) {
  const struct run *run = flow->run;
  const struct run_plan *plan = run->plan;
  size_t room = in_flight_room(messages_in_flight(flow));
  bool is_alone = run->peer.endpoint.transport == TRANSPORT_UDP || plan->writes > 1;
  if (is_alone && room > 1) room = 1;
  bool is_counted = plan->count > 0 && run->phase == RUN_MEASURING;
  uint64_t left = is_counted ? plan->count - run->tally.sends : room;
  return left < room ? (size_t)left : room;
}

static void fill(struct flow *flow) {
  struct run *run = flow->run;
  while (run_may_send(run) && !run_has_sent_all(run) && in_flight_has_room(messages_in_flight(flow)))
    if (!messages_send(flow, batch_of(flow), 0)) return;
  if (run_has_sent_all(run)) run_stop(run);
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
    .traits = WORKLOAD_SIZED | WORKLOAD_COUNTED | WORKLOAD_PARALLEL | WORKLOAD_TIMED | WORKLOAD_DEEP | WORKLOAD_SPLIT |
              WORKLOAD_DISTRIBUTED,
    .defaults = {MESSAGES_BYTES, MESSAGES_DURATION_NS, MESSAGES_WARMUP_NS, 0},
    .has_depth = true,
    .read_bytes = MESSAGES_READ_BYTES,
    .run_bytes = sizeof(struct messages_run),
    .flow_bytes = sizeof(struct messages_flow),
    .figure_count = MESSAGES_FIGURE_COUNT,
    .figures = {MESSAGES_FIGURES},
    .resolve = resolve,
    .is_possible = messages_are_possible,
    .greeting = messages_greeting,
    .prepare = messages_prepare,
    .begin = fill,
    .on_bytes = on_bytes,
    .on_guard = on_guard,
    .is_drained = messages_are_drained,
    .finish = messages_finish,
};
