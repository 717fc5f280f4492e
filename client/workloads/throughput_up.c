/*
 * throughput --direction up: an endless stream to lopong, which reads and discards it. Counts what the kernel took in
 * the measured time. At the end the writing side is closed, and the server answers with its own count of the whole
 * stream.
 */
#include <string.h>

#include "client/run/account.h"
#include "client/workloads/streams.h"
#include "client/workloads/workloads.h"
#include "common/text/clock.h"

static enum greeting greeting(const struct run_plan *plan) {
  (void)plan;
  return GREETING_SINK;
}

struct up_flow {
  struct streams_flow stream;
  uint8_t report[WIRE_SINK_REPORT_BYTES]; /* the server's count, as far as it has come */
  size_t report_length;
};

static int begin_run(struct run *run) {
  run->result->server_count.is_known = true;
  return streams_begin_run(run);
}

static void on_sent(struct flow *flow) {
  struct run *run = flow->run;
  struct streams_flow *stream = flow->state;
  stream->last_progress_ns = clock_now_ns();
  account_add_bytes(flow, run->plan->bytes);
  if (run->phase == RUN_MEASURING) tally_record_sent(&run->tally, run->plan->bytes, stream->last_progress_ns);
  if (run_may_send(run)) {
    streams_send_next(flow);
    return;
  }
  int code = connection_finish(flow->connection);
  if (code != 0) run_fail(run, flow, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
}

static void take_report(struct flow *flow) {
  struct result_server_count *count = &flow->run->result->server_count;
  const struct up_flow *own = flow->state;
  struct wire_sink_report report;
  if (!wire_get_sink_report(own->report, own->report_length, &report)) return;
  count->server_bytes += report.bytes;
  count->client_bytes += own->stream.sent_bytes;
  if (report.elapsed_ns > 0)
    count->bits_per_second += (double)report.bytes * 8 * (double)CLOCK_NS_PER_SECOND / (double)report.elapsed_ns;
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct up_flow *own = flow->state;
  /* The report comes once, and only after our end. */
  if (flow->run->phase != RUN_DRAINING || length > WIRE_SINK_REPORT_BYTES - own->report_length) {
    flow->run->result->errors.corrupted++;
    return;
  }
  memcpy(own->report + own->report_length, bytes, length);
  own->report_length += length;
  own->stream.last_progress_ns = clock_now_ns();
  if (own->report_length == WIRE_SINK_REPORT_BYTES) take_report(flow);
  run_check_drained(flow->run);
}

static bool is_drained(const struct flow *flow) {
  const struct up_flow *own = flow->state;
  return own->report_length == WIRE_SINK_REPORT_BYTES;
}

static void on_guard(struct flow *flow, uint64_t now_ns) {
  if (!is_drained(flow)) streams_guard(flow, now_ns);
}

const struct workload workload_throughput_up = {
    .name = "throughput",
    .traits = STREAMS_TRAITS,
    .defaults = STREAMS_DEFAULTS,
    .direction = "up",
    .needs_stream = true,
    .counts_sent = true,
    .read_bytes = 64 * 1024,
    .run_bytes = sizeof(struct streams_run),
    .flow_bytes = sizeof(struct up_flow),
    .greeting = greeting,
    .begin_run = begin_run,
    .begin = streams_begin,
    .on_bytes = on_bytes,
    .on_sent = on_sent,
    .on_guard = on_guard,
    .is_drained = is_drained,
    .finish = streams_finish,
};
