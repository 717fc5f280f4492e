/*
 * The faults of a stream. Its answers keep their order: one that is held holds up those behind it, as a lost segment
 * does. What is held counts as unsent, so that the reading stops at the bound.
 */
#include "server/echo/faulty_stream.h"

#include "common/text/clock.h"
#include "server/echo/output.h"
#include "server/fault/faults.h"

#define REASON_RESET "reset, on purpose (--fault reset)"

static struct faults *faults_of(const struct connection *connection) {
  return connection->worker->faults;
}

static bool reset(struct connection *connection) {
  faults_count(faults_of(connection), WIRE_FAULT_RESET);
  connection_reset(connection, REASON_RESET);
  return false;
}

bool faulty_stream_swallows(struct connection *connection) {
  struct faults *faults = faults_of(connection);
  const struct fault_spec *spec = faults->spec;
  struct connection_faults *own = connection->faulty;
  if (spec->has[WIRE_FAULT_SILENT]) {
    faults_count(faults, WIRE_FAULT_SILENT);
    return true;
  }
  if (spec->reset_bytes > 0 && connection->bytes_in > spec->reset_bytes) return !reset(connection);
  if (!spec->has[WIRE_FAULT_STOP_READING] || own->is_stopped || connection->bytes_in < spec->stop_reading_bytes)
    return false;
  own->is_stopped = true;
  faults_count(faults, WIRE_FAULT_STOP_READING);
  connection_pause(connection);
  return false;
}

static bool send_now(struct connection *connection, struct fault_answer *answer) {
  struct faults *faults = faults_of(connection);
  faults_stamp(answer);
  if (!output_send(connection, answer->bytes, answer->length)) return false;
  faults_count_sent(faults, answer);
  if (!answer->is_doubled) return true;
  if (answer->is_frame) wire_add_frame_flags(answer->bytes, WIRE_FRAME_FLAG_DUPLICATED);
  if (!output_send(connection, answer->bytes, answer->length)) return false;
  faults_count(faults, WIRE_FAULT_DUPLICATE);
  return true;
}

static void leave(struct held_answer *held) {
  struct connection *connection = held->owner;
  struct fault_answer answer = faults_answer_of(held);
  connection->held_bytes -= held_answer_weight(held->length);
  if (!send_now(connection, &answer)) return;
  connection_touch(connection);
  if (connection->is_ending)
    output_end_if_flushed(connection);
  else if (unsent_may_resume(output_held_bytes(connection), connection->worker->settings->max_unsent_bytes))
    connection_resume(connection);
}

static bool hold(struct connection *connection, const struct fault_answer *answer) {
  struct held_answer *held = faults_hold(answer);
  int code = UV_ENOMEM;
  if (held != NULL) {
    held->owner = connection;
    held->leave = leave;
    code = fault_schedule_add(&faults_of(connection)->schedule, held);
  }
  if (code != 0) {
    connection_fail(connection, code);
    return false;
  }
  connection->held_bytes += held_answer_weight(answer->length);
  connection->faulty->last_due_ns = answer->due_ns;
  return true;
}

bool faulty_stream_pass(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns,
                        bool is_frame) {
  struct faults *faults = faults_of(connection);
  struct connection_faults *own = connection->faulty;
  unsigned reach = connection->kind->transport == TRANSPORT_TCP ? FAULT_OF_TCP : FAULT_OF_UNIX;
  struct fault_answer answer = {.bytes = bytes, .length = length, .is_frame = is_frame, .receive_ns = receive_ns};
  own->messages++;
  if (faults->spec->reset_messages > 0 && own->messages > faults->spec->reset_messages) return reset(connection);
  if (!faults_prepare(faults, reach, &answer)) return true;
  if (connection->held_bytes > 0 && answer.due_ns < own->last_due_ns) answer.due_ns = own->last_due_ns;
  return answer.due_ns > 0 ? hold(connection, &answer) : send_now(connection, &answer);
}

void faulty_stream_tell(struct connection *connection, const struct wire_hello *hello) {
  uint8_t answer[WIRE_HELLO_BYTES + WIRE_FAULT_REPORT_BYTES_MAX];
  const struct wire_welcome welcome = {
      .mode = WIRE_MODE_FAULTS, .flags = WIRE_HELLO_FLAG_FAULTS, .pid = (uint32_t)uv_os_getpid()};
  size_t length = WIRE_HELLO_BYTES;
  wire_put_welcome(&welcome, answer);
  if ((hello->flags & WIRE_HELLO_FLAG_BRIEF) == 0)
    length += wire_put_fault_report(&faults_of(connection)->told, answer + length);
  output_send(connection, answer, length);
}
