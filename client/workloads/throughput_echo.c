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

static void on_sent(struct lane *lane) {
  struct run *run = lane->run;
  /* Counted when the kernel has it all, not when it was queued. */
  if (run->phase == RUN_MEASURING) run->bytes_sent += run->plan->bytes;
  if (run_may_send(run)) streams_send_next(lane);
}

static void on_bytes(struct lane *lane, const uint8_t *bytes, size_t length) {
  struct run *run = lane->run;
  uint64_t now_ns = clock_now_ns();
  streams_check(lane, bytes, length, now_ns);
  if (lane->received_bytes > lane->sent_bytes) run->result->errors.corrupted++;
  if (run->phase == RUN_MEASURING) run_record_received(run, length, now_ns);
  run_check_drained(run);
}

static bool is_drained(const struct lane *lane) {
  return lane->received_bytes >= lane->sent_bytes;
}

static void on_guard(struct lane *lane, uint64_t now_ns) {
  if (!is_drained(lane)) streams_guard(lane, now_ns);
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
