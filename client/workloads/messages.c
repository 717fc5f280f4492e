/* The part that all workloads of timed messages share; see messages.h. */
#include "client/workloads/messages.h"

#include "client/run/busy_poll.h"
#include "client/workloads/message.h"
#include "common/text/clock.h"

enum greeting messages_greeting(const struct run_plan *plan) {
  if (plan->candidates[0].transport == TRANSPORT_UDP) return GREETING_NONE;
  /* Only messages that have room for the server's stamps can ask for them. */
  bool can_be_stamped = message_is_frame(plan->bytes) && plan->bytes <= WIRE_FRAME_BYTES_MAX;
  return can_be_stamped ? GREETING_HELLO : GREETING_PROBE;
}

int messages_prepare(struct run *run, struct lane *lane) {
  lane->exchange = exchange_create(run->plan->bytes, run->plan->depth, run->pattern, &run->result->errors);
  if (lane->exchange == NULL) return UV_ENOMEM;
  exchange_split_writes(lane->exchange, (size_t)run->plan->writes);
  return 0;
}

bool messages_is_drained(const struct lane *lane) {
  return exchange_in_flight(lane->exchange) == 0;
}

bool messages_send(struct lane *lane, size_t count, uint64_t scheduled_ns) {
  struct run *run = lane->run;
  /* What was due before the measuring began belongs to the warm-up, even if it leaves late. */
  bool is_measured = run->phase == RUN_MEASURING && (scheduled_ns == 0 || scheduled_ns >= run->measure_start_ns);
  uint64_t send_ns;
  busy_poll_note(run);
  int code = exchange_send(lane->exchange, lane->connection, count, is_measured, scheduled_ns, &send_ns);
  if (code != 0) {
    enum client_finding finding =
        code == UV_EPIPE || code == UV_ECONNRESET ? CLIENT_FINDING_HUNG_UP : CLIENT_FINDING_NONE;
    /* The second datagram already may learn that nobody received the first. */
    bool is_unanswered = run->endpoint.transport == TRANSPORT_UDP && !run->has_answer;
    run_fail(run, is_unanswered ? CLIENT_STEP_CONNECT : CLIENT_STEP_MEASURE, finding, code);
    return false;
  }
  if (!is_measured) return true;
  run->measured_sends += count;
  run->last_send_ns = send_ns;
  if (scheduled_ns > 0) histogram_record(run->pacing, send_ns - scheduled_ns);
  run->bytes_sent += count * run->plan->bytes;
  return true;
}

struct moment {
  struct run *run;
  uint64_t receive_ns;
};

static void on_reply(void *owner, const struct exchange_reply *reply) {
  const struct moment *moment = owner;
  struct run *run = moment->run;
  /* A datagram without room for stamps does not tell who returned it, and a bad stamp is one all the same. */
  if (run->endpoint.transport == TRANSPORT_UDP && message_is_frame(run->plan->bytes) &&
      run->result->peer.kind == PEER_UNKNOWN)
    run->result->peer.kind = reply->is_stamped ? PEER_LOPONG : PEER_PLAIN_ECHO;
  if (!reply->is_measured) return;
  run_record_reply(run, reply, moment->receive_ns);
  if (run->observer->on_reply != NULL) run->observer->on_reply(run->observer->owner, run, reply, moment->receive_ns);
}

void messages_take(struct lane *lane, const uint8_t *bytes, size_t length, uint64_t receive_ns) {
  struct moment moment = {lane->run, receive_ns};
  lane->run->has_answer = true;
  if (lane->run->endpoint.transport == TRANSPORT_UDP)
    exchange_take_datagram(lane->exchange, bytes, length, receive_ns, on_reply, &moment);
  else
    exchange_take_stream(lane->exchange, bytes, length, receive_ns, on_reply, &moment);
}

size_t messages_expire(struct lane *lane, uint64_t now_ns) {
  struct run *run = lane->run;
  uint64_t oldest_ns = exchange_oldest_send_ns(lane->exchange);
  bool is_late = oldest_ns < now_ns && now_ns - oldest_ns > run->plan->timeout_ns;
  if (!is_late) return 0;
  if (run->endpoint.transport != TRANSPORT_UDP) {
    run->result->errors.timed_out++;
    run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
    return 0;
  }
  uint64_t sequence = 0;
  size_t expired = exchange_expire(lane->exchange, now_ns - run->plan->timeout_ns, &sequence);
  if (run->observer->on_timeout != NULL) run->observer->on_timeout(run->observer->owner, run, sequence);
  /* Not one answer ever, for three times the limit: nobody echoes there, and waiting on will not change it. */
  if (!run->has_answer && now_ns - run->begin_ns > 3 * run->plan->timeout_ns) {
    run_fail(run, CLIENT_STEP_GREET, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
    return 0;
  }
  return expired;
}
