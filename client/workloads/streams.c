/* The part that all workloads of endless streams share; see streams.h. */
#include "client/workloads/streams.h"

#include "common/text/clock.h"

void streams_send_next(struct flow *flow) {
  struct run *run = flow->run;
  size_t bytes = run->plan->bytes;
  const uint8_t *next = pattern_at(run->pattern, flow->sent_bytes);
  size_t all;
  int code = run->has_pattern_file
                 ? connection_send_file(flow->connection, run->pattern_file,
                                        (uint64_t)(next - pattern_bytes(run->pattern, &all)), next, bytes)
                 : connection_send_paced(flow->connection, next, bytes);
  if (code != 0) {
    run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
    return;
  }
  flow->sent_bytes += bytes;
}

void streams_begin_reading(struct flow *flow) {
  flow->last_progress_ns = clock_now_ns();
  /* A sink answers at the end only, and with figures that must be read. */
  if (flow->run->plan->is_zero_copy && flow->run->greeting != GREETING_SINK) connection_discard(flow->connection);
}

void streams_begin(struct flow *flow) {
  streams_begin_reading(flow);
  streams_send_next(flow);
}

void streams_check(struct flow *flow, const uint8_t *bytes, size_t length, uint64_t now_ns) {
  struct result_errors *errors = &flow->run->result->errors;
  bool is_unread = bytes == NULL;
  size_t mismatch =
      is_unread ? length : pattern_first_mismatch(flow->run->pattern, flow->received_bytes, bytes, length);
  if (mismatch < length) {
    errors->corrupted++;
    if (!errors->has_first_corrupted) {
      errors->has_first_corrupted = true;
      errors->first_corrupted_offset = flow->received_bytes + mismatch;
    }
  }
  flow->received_bytes += length;
  flow->last_progress_ns = now_ns;
}

void streams_guard(struct flow *flow, uint64_t now_ns) {
  struct run *run = flow->run;
  bool is_late = now_ns > flow->last_progress_ns && now_ns - flow->last_progress_ns > run->plan->timeout_ns;
  /* Other flows may still be opening, which has a limit of its own. */
  if (!is_late || run->phase == RUN_OPENING) return;
  run->result->errors.timed_out++;
  run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
}
