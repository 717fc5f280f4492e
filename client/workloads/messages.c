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

int messages_prepare(struct run *run, struct flow *flow) {
  flow->in_flight = in_flight_create(run->plan->bytes, run->plan->depth, run->pattern, &run->result->errors);
  if (flow->in_flight == NULL) return UV_ENOMEM;
  in_flight_split_writes(flow->in_flight, (size_t)run->plan->writes);
  return 0;
}

bool messages_is_drained(const struct flow *flow) {
  return in_flight_count(flow->in_flight) == 0;
}

bool messages_send(struct flow *flow, size_t count, uint64_t scheduled_ns) {
  struct run *run = flow->run;
  /* What was due before the measuring began belongs to the warm-up, even if it leaves late. */
  bool is_measured = run->phase == RUN_MEASURING && (scheduled_ns == 0 || scheduled_ns >= run->measure_start_ns);
  uint64_t send_ns;
  busy_poll_note(run);
  int code = in_flight_send(flow->in_flight, flow->connection, count, is_measured, scheduled_ns, &send_ns);
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

static void on_reply(void *owner, const struct in_flight_reply *reply) {
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

void messages_take(struct flow *flow, const uint8_t *bytes, size_t length, uint64_t receive_ns) {
  struct moment moment = {flow->run, receive_ns};
  flow->run->has_answer = true;
  if (flow->run->endpoint.transport == TRANSPORT_UDP)
    in_flight_take_datagram(flow->in_flight, bytes, length, receive_ns, on_reply, &moment);
  else
    in_flight_take_stream(flow->in_flight, bytes, length, receive_ns, on_reply, &moment);
}

size_t messages_expire(struct flow *flow, uint64_t now_ns) {
  struct run *run = flow->run;
  uint64_t oldest_ns = in_flight_oldest_send_ns(flow->in_flight);
  bool is_late = oldest_ns < now_ns && now_ns - oldest_ns > run->plan->timeout_ns;
  if (!is_late) return 0;
  if (run->endpoint.transport != TRANSPORT_UDP) {
    run->result->errors.timed_out++;
    run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
    return 0;
  }
  uint64_t sequence = 0;
  size_t expired = in_flight_expire(flow->in_flight, now_ns - run->plan->timeout_ns, &sequence);
  if (run->observer->on_timeout != NULL) run->observer->on_timeout(run->observer->owner, run, sequence);
  /* Not one answer ever, for three times the limit: nobody echoes there, and waiting on will not change it. */
  if (!run->has_answer && now_ns - run->begin_ns > 3 * run->plan->timeout_ns) {
    run_fail(run, CLIENT_STEP_GREET, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
    return 0;
  }
  return expired;
}
