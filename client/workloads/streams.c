/* The part that all workloads of endless streams share; see streams.h. */
#include "client/workloads/streams.h"

#include "common/text/clock.h"

void streams_send_next(struct lane *lane) {
  struct run *run = lane->run;
  size_t bytes = run->plan->bytes;
  const uint8_t *next = pattern_at(run->pattern, lane->sent_bytes);
  size_t all;
  int code = run->has_pattern_file
                 ? connection_send_file(lane->connection, run->pattern_file,
                                        (uint64_t)(next - pattern_bytes(run->pattern, &all)), next, bytes)
                 : connection_send_paced(lane->connection, next, bytes);
  if (code != 0) {
    run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
    return;
  }
  lane->sent_bytes += bytes;
}

void streams_begin_reading(struct lane *lane) {
  lane->last_progress_ns = clock_now_ns();
  /* A sink answers at the end only, and with figures that must be read. */
  if (lane->run->plan->is_zero_copy && lane->run->greeting != GREETING_SINK) connection_discard(lane->connection);
}

void streams_begin(struct lane *lane) {
  streams_begin_reading(lane);
  streams_send_next(lane);
}

void streams_check(struct lane *lane, const uint8_t *bytes, size_t length, uint64_t now_ns) {
  struct result_errors *errors = &lane->run->result->errors;
  bool is_unread = bytes == NULL;
  size_t mismatch =
      is_unread ? length : pattern_first_mismatch(lane->run->pattern, lane->received_bytes, bytes, length);
  if (mismatch < length) {
    errors->corrupted++;
    if (!errors->has_first_corrupted) {
      errors->has_first_corrupted = true;
      errors->first_corrupted_offset = lane->received_bytes + mismatch;
    }
  }
  lane->received_bytes += length;
  lane->last_progress_ns = now_ns;
}

void streams_guard(struct lane *lane, uint64_t now_ns) {
  struct run *run = lane->run;
  bool is_late = now_ns > lane->last_progress_ns && now_ns - lane->last_progress_ns > run->plan->timeout_ns;
  /* Other lanes may still be opening, which has a limit of its own. */
  if (!is_late || run->phase == RUN_OPENING) return;
  run->result->errors.timed_out++;
  run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
}
