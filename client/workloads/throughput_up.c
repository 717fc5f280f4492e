/*
 * throughput --direction up: an endless stream to lopong, which reads and discards it. Counts what the kernel took in
 * the measured time. At the end the writing side is closed, and the server answers with its own count of the whole
 * stream.
 */
#include <string.h>

#include "client/workloads/streams.h"
#include "client/workloads/workload.h"
#include "common/text/clock.h"

static enum greeting greeting(const struct run_plan *plan) {
  (void)plan;
  return GREETING_SINK;
}

static int prepare(struct run *run, struct lane *lane) {
  run->result->has_server_count = true;
  lane->answer_length = 0;
  return 0;
}

static void on_sent(struct lane *lane) {
  struct run *run = lane->run;
  lane->last_progress_ns = clock_now_ns();
  if (run->phase == RUN_MEASURING) run_record_sent(run, run->plan->bytes, lane->last_progress_ns);
  if (run_may_send(run)) {
    streams_send_next(lane);
    return;
  }
  int code = connection_finish(lane->connection);
  if (code != 0) run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
}

static void take_report(struct lane *lane) {
  struct result_run *result = lane->run->result;
  struct wire_sink_report report;
  if (!wire_get_sink_report(lane->answer, lane->answer_length, &report)) return;
  result->server_bytes += report.bytes;
  result->client_bytes += lane->sent_bytes;
  if (report.elapsed_ns > 0)
    result->server_bits_per_second +=
        (double)report.bytes * 8 * (double)CLOCK_NS_PER_SECOND / (double)report.elapsed_ns;
}

static void on_bytes(struct lane *lane, const uint8_t *bytes, size_t length) {
  size_t room = WIRE_SINK_REPORT_BYTES - lane->received_bytes;
  /* The report comes once, and only after our end. */
  if (lane->run->phase != RUN_DRAINING || length > room) {
    lane->run->result->errors.corrupted++;
    return;
  }
  memcpy(lane->answer + lane->received_bytes, bytes, length);
  lane->received_bytes += length;
  lane->answer_length = lane->received_bytes;
  lane->last_progress_ns = clock_now_ns();
  if (lane->received_bytes == WIRE_SINK_REPORT_BYTES) take_report(lane);
  run_check_drained(lane->run);
}

static bool is_drained(const struct lane *lane) {
  return lane->received_bytes == WIRE_SINK_REPORT_BYTES;
}

static void on_guard(struct lane *lane, uint64_t now_ns) {
  if (!is_drained(lane)) streams_guard(lane, now_ns);
}

const struct workload workload_throughput_up = {
    .name = "throughput",
    .direction = "up",
    .read_bytes = 64 * 1024,
    .greeting = greeting,
    .prepare = prepare,
    .begin = streams_begin,
    .on_bytes = on_bytes,
    .on_sent = on_sent,
    .on_guard = on_guard,
    .is_drained = is_drained,
};
