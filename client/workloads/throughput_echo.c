/*
 * throughput: an endless stream of pattern to an echo server, compared byte for byte as it comes back. Counts what came
 * back in the measured time.
 */
#include "client/workloads/streams.h"
#include "client/workloads/workload.h"
#include "common/text/clock.h"

static enum greeting greeting(const struct run_plan *plan) {
  (void)plan;
  return GREETING_PROBE;
}

static void on_sent(struct flow *flow) {
  struct run *run = flow->run;
  /* Counted when the kernel has it all, not when it was queued. */
  if (run->phase == RUN_MEASURING) run->bytes_sent += run->plan->bytes;
  if (run_may_send(run)) streams_send_next(flow);
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct run *run = flow->run;
  uint64_t now_ns = clock_now_ns();
  streams_check(flow, bytes, length, now_ns);
  if (flow->received_bytes > flow->sent_bytes) run->result->errors.corrupted++;
  if (run->phase == RUN_MEASURING) run_record_received(run, length, now_ns);
  run_check_drained(run);
}

static bool is_drained(const struct flow *flow) {
  return flow->received_bytes >= flow->sent_bytes;
}

static void on_guard(struct flow *flow, uint64_t now_ns) {
  if (!is_drained(flow)) streams_guard(flow, now_ns);
}

const struct workload workload_throughput_echo = {
    .name = "throughput",
    .direction = "echo",
    .read_bytes = 256 * 1024,
    .greeting = greeting,
    .begin = streams_begin,
    .on_bytes = on_bytes,
    .on_sent = on_sent,
    .on_guard = on_guard,
    .is_drained = is_drained,
};
