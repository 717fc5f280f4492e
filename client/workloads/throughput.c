/*
 * throughput: an endless stream of pattern to an echo server, compared byte for byte as it comes back. Counts what came
 * back in the measured time.
 */
#include "client/workloads/workloads.h"
#include "common/clock.h"

static enum greeting greeting(const struct run_plan *plan) {
  (void)plan;
  return GREETING_PROBE;
}

/* Always through the loop, never at once: reading must get its turn between two writes, or both sides would fill each
 * other's buffers and the echo would come in lumps. */
static void send_next(struct lane *lane) {
  struct run *run = lane->run;
  size_t bytes = run->plan->bytes;
  int code = connection_send_paced(lane->connection, pattern_at(run->pattern, lane->sent_bytes), bytes);
  if (code != 0) {
    run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
    return;
  }
  lane->sent_bytes += bytes;
}

static void begin(struct lane *lane) {
  lane->last_progress_ns = clock_now_ns();
  send_next(lane);
}

static void on_sent(struct lane *lane) {
  struct run *run = lane->run;
  /* Counted when the kernel has it all, not when it was queued. */
  if (run->phase == RUN_MEASURING) run->bytes_sent += run->plan->bytes;
  if (run_may_send(run)) send_next(lane);
}

static void check(struct lane *lane, const uint8_t *bytes, size_t length) {
  struct result_errors *errors = &lane->run->result->errors;
  size_t mismatch = pattern_first_mismatch(lane->run->pattern, lane->received_bytes, bytes, length);
  if (mismatch == length) return;
  errors->corrupted++;
  if (errors->has_first_corrupted) return;
  errors->has_first_corrupted = true;
  errors->first_corrupted_offset = lane->received_bytes + mismatch;
}

static void on_bytes(struct lane *lane, const uint8_t *bytes, size_t length) {
  struct run *run = lane->run;
  uint64_t now_ns = clock_now_ns();
  check(lane, bytes, length);
  lane->received_bytes += length;
  lane->last_progress_ns = now_ns;
  if (lane->received_bytes > lane->sent_bytes) run->result->errors.corrupted++;
  if (run->phase == RUN_MEASURING) {
    run_record_received(run, length, now_ns);
    if (run->plan->count > 0 && run->bytes_received >= run->plan->count * run->plan->bytes) run_stop(run);
  }
  run_check_drained(run);
}

static bool is_drained(const struct lane *lane) {
  return lane->received_bytes >= lane->sent_bytes;
}

static void on_guard(struct lane *lane, uint64_t now_ns) {
  struct run *run = lane->run;
  bool is_late = now_ns > lane->last_progress_ns && now_ns - lane->last_progress_ns > run->plan->timeout_ns;
  if (!is_late || is_drained(lane)) return;
  run->result->errors.timed_out++;
  run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
}

const struct workload workload_throughput = {
    .name = "throughput",
    .direction = "echo",
    .read_bytes = 256 * 1024,
    .greeting = greeting,
    .begin = begin,
    .on_bytes = on_bytes,
    .on_sent = on_sent,
    .on_guard = on_guard,
    .is_drained = is_drained,
};
