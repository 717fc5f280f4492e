/* The part that all workloads of endless streams share; see streams.h. */
#include "client/workloads/streams.h"

#include "common/io/zero_copy.h"
#include "common/text/clock.h"

/* Where that fails, the bytes are copied as usual, and the result says so. */
int streams_begin_run(struct run *run) {
  struct streams_run *own = run->state;
  size_t length;
  if (!run->plan->is_zero_copy || !zero_copy_is_possible()) return 0;
  const uint8_t *bytes = pattern_bytes(run->pattern, &length);
  own->has_pattern_file = zero_copy_file_create(bytes, length, &own->pattern_file) == 0;
  return 0;
}

void streams_finish(struct run *run) {
  struct streams_run *own = run->state;
  struct result_workload *workload = &run->result->workload;
  bool is_sink = run->peer.greeting == GREETING_SINK;
  workload->is_sent_by_reference = own->has_pattern_file && run->peer.greeting != GREETING_SOURCE;
  workload->is_discarded_unread = is_sink ? (run->peer.welcome_flags & WIRE_HELLO_FLAG_UNREAD) != 0
                                          : run->plan->is_zero_copy && zero_copy_is_possible();
  if (own->has_pattern_file) zero_copy_file_close(own->pattern_file);
  own->has_pattern_file = false;
}

void streams_send_next(struct flow *flow) {
  struct run *run = flow->run;
  const struct streams_run *own = run->state;
  struct streams_flow *stream = flow->state;
  size_t bytes = run->plan->bytes;
  const uint8_t *next = pattern_at(run->pattern, stream->sent_bytes);
  size_t all;
  int code = own->has_pattern_file
                 ? connection_send_file(flow->connection, own->pattern_file,
                                        (uint64_t)(next - pattern_bytes(run->pattern, &all)), next, bytes)
                 : connection_send_paced(flow->connection, next, bytes);
  if (code != 0) {
    run_fail(run, flow, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
    return;
  }
  stream->sent_bytes += bytes;
}

void streams_begin_reading(struct flow *flow) {
  struct streams_flow *stream = flow->state;
  stream->last_progress_ns = clock_now_ns();
  /* A sink answers at the end only, and with figures that must be read. */
  if (flow->run->plan->is_zero_copy && flow->run->peer.greeting != GREETING_SINK) connection_discard(flow->connection);
}

void streams_begin(struct flow *flow) {
  streams_begin_reading(flow);
  streams_send_next(flow);
}

void streams_check(struct flow *flow, const uint8_t *bytes, size_t length, uint64_t now_ns) {
  struct result_errors *errors = &flow->run->result->errors;
  struct streams_flow *stream = flow->state;
  bool is_unread = bytes == NULL;
  size_t mismatch =
      is_unread ? length : pattern_first_mismatch(flow->run->pattern, stream->received_bytes, bytes, length);
  if (mismatch < length) {
    errors->corrupted++;
    if (!errors->has_first_corrupted) {
      errors->has_first_corrupted = true;
      errors->first_corrupted_offset = stream->received_bytes + mismatch;
    }
  }
  stream->received_bytes += length;
  stream->last_progress_ns = now_ns;
}

void streams_guard(struct flow *flow, uint64_t now_ns) {
  struct run *run = flow->run;
  const struct streams_flow *stream = flow->state;
  bool is_late = now_ns > stream->last_progress_ns && now_ns - stream->last_progress_ns > run->plan->timeout_ns;
  /* Other flows may still be opening, which has a limit of its own. */
  if (!is_late || run->phase == RUN_OPENING) return;
  run->result->errors.timed_out++;
  run_fail(run, flow, CLIENT_STEP_MEASURE, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
}
