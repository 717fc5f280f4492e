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

static int prepare(struct run *run, struct flow *flow) {
  run->result->has_server_count = true;
  flow->answer_length = 0;
  return 0;
}

static void on_sent(struct flow *flow) {
  struct run *run = flow->run;
  flow->last_progress_ns = clock_now_ns();
  if (run->phase == RUN_MEASURING) run_record_sent(run, run->plan->bytes, flow->last_progress_ns);
  if (run_may_send(run)) {
    streams_send_next(flow);
    return;
  }
  int code = connection_finish(flow->connection);
  if (code != 0) run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
}

static void take_report(struct flow *flow) {
  struct result_run *result = flow->run->result;
  struct wire_sink_report report;
  if (!wire_get_sink_report(flow->answer, flow->answer_length, &report)) return;
  result->server_bytes += report.bytes;
  result->client_bytes += flow->sent_bytes;
  if (report.elapsed_ns > 0)
    result->server_bits_per_second +=
        (double)report.bytes * 8 * (double)CLOCK_NS_PER_SECOND / (double)report.elapsed_ns;
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  size_t room = WIRE_SINK_REPORT_BYTES - flow->received_bytes;
  /* The report comes once, and only after our end. */
  if (flow->run->phase != RUN_DRAINING || length > room) {
    flow->run->result->errors.corrupted++;
    return;
  }
  memcpy(flow->answer + flow->received_bytes, bytes, length);
  flow->received_bytes += length;
  flow->answer_length = flow->received_bytes;
  flow->last_progress_ns = clock_now_ns();
  if (flow->received_bytes == WIRE_SINK_REPORT_BYTES) take_report(flow);
  run_check_drained(flow->run);
}

static bool is_drained(const struct flow *flow) {
  return flow->received_bytes == WIRE_SINK_REPORT_BYTES;
}

static void on_guard(struct flow *flow, uint64_t now_ns) {
  if (!is_drained(flow)) streams_guard(flow, now_ns);
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
