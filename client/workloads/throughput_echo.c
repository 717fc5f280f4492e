/*
 * throughput: an endless stream of pattern to an echo server, compared byte for byte as it comes back. Counts what came
 * back in the measured time.
 */
#include "client/workloads/streams.h"
#include "client/workloads/workloads.h"
#include "common/text/clock.h"

static void resolve(struct run_plan *plan) {
  if (plan->direction == RUN_UP) plan->workload = &workload_throughput_up;
  if (plan->direction != RUN_DOWN) return;
  plan->workload = &workload_throughput_down;
  plan->workload->resolve(plan);
}

static enum greeting greeting(const struct run_plan *plan) {
  (void)plan;
  return GREETING_PROBE;
}

static void on_sent(struct flow *flow) {
  struct run *run = flow->run;
  /* Counted when the kernel has it all, not when it was queued. */
  if (run->phase == RUN_MEASURING) run->tally.bytes_sent += run->plan->bytes;
  if (run_may_send(run)) streams_send_next(flow);
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct run *run = flow->run;
  const struct streams_flow *stream = flow->state;
  uint64_t now_ns = clock_now_ns();
  streams_check(flow, bytes, length, now_ns);
  if (stream->received_bytes > stream->sent_bytes) run->result->errors.corrupted++;
  if (run->phase == RUN_MEASURING) tally_record_received(&run->tally, length, now_ns);
  run_check_drained(run);
}

static bool is_drained(const struct flow *flow) {
  const struct streams_flow *stream = flow->state;
  return stream->received_bytes >= stream->sent_bytes;
}

static void on_guard(struct flow *flow, uint64_t now_ns) {
  if (!is_drained(flow)) streams_guard(flow, now_ns);
}

const struct workload workload_throughput_echo = {
    .name = "throughput",
    .traits = STREAMS_TRAITS,
    .defaults = STREAMS_DEFAULTS,
    .direction = "echo",
    .needs_stream = true,
    .read_bytes = 256 * 1024,
    .run_bytes = sizeof(struct streams_run),
    .flow_bytes = sizeof(struct streams_flow),
    .resolve = resolve,
    .greeting = greeting,
    .begin_run = streams_begin_run,
    .begin = streams_begin,
    .on_bytes = on_bytes,
    .on_sent = on_sent,
    .on_guard = on_guard,
    .is_drained = is_drained,
    .finish = streams_finish,
};
