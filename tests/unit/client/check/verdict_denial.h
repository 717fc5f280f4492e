/* Whether the evidence beside a verdict denies it: what a reader would hold against the two. Written from the words of
 * the evidence, not from the decision table. */
#ifndef LOPING_TESTS_UNIT_CLIENT_CHECK_VERDICT_DENIAL_H
#define LOPING_TESTS_UNIT_CLIENT_CHECK_VERDICT_DENIAL_H

#include "client/check/verdict.h"

/* The sentence that denies it; NULL where none does. */
static const char *verdict_denial(enum verdict verdict, const struct port_facts *facts) {
  const struct probe_facts *probe = &facts->probe;
  bool is_connected = probe->outcome == PROBE_CONNECTED;
  bool is_nobody = facts->listener.is_known && !facts->listener.is_here;
  bool is_answered = is_connected && (probe->answer == ANSWER_ECHO || probe->answer == ANSWER_OTHER);
  switch (verdict) {
    case VERDICT_OPEN:
      if (!is_answered) return "nothing answered";
      if (is_nobody && !facts->server_half.is_found) return "no socket of this machine has the port";
      if (facts->path.is_sent_on) return "a rule sends it elsewhere";
      break;
    case VERDICT_CLOSED:
      if (is_connected && !facts->is_udp) return "the connection stood";
      if (facts->listener.is_here) return "a socket listens there";
      if (!facts->is_udp && facts->counters.resets_sent == 0) return "the system sent no reset";
      if (facts->path.is_sent_on) return "a rule sends it elsewhere";
      break;
    case VERDICT_BLOCKED:
      if (is_answered) return "it was answered";
      if (facts->path.loss == LOSS_OUT) return "a trace shows an output rule";
      if (facts->path.loss == LOSS_REPLY) return "a trace shows the reply dropped";
      break;
    case VERDICT_BLOCKED_OUT:
      if (facts->server_half.is_found) return "the request reached the server's side";
      if (facts->path.loss == LOSS_IN) return "a trace shows an input rule";
      if (facts->path.loss == LOSS_REPLY) return "a trace shows the reply dropped";
      break;
    case VERDICT_REPLIES_BLOCKED:
      if (!is_connected && probe->outcome == PROBE_TIMED_OUT && !facts->server_half.is_found &&
          (facts->path.loss == LOSS_IN || facts->path.loss == LOSS_OUT))
        return "a trace shows the request dropped";
      break;
    case VERDICT_REJECTED:
      if (!facts->is_udp && facts->counters.resets_sent > 0 && !probe->icmp_came) return "the system itself refused";
      if (is_connected) return "the connection stood";
      break;
    case VERDICT_ROUTE_FORBIDDEN:
      if (facts->path.is_confined) return "a sandbox forbids it";
      if (!probe->is_immediate || probe->icmp_came) return "a packet was answered";
      break;
    case VERDICT_CONFINED:
      if (!probe->is_immediate) return "packets were sent";
      break;
    case VERDICT_LOOPBACK_DOWN:
      if (facts->loopback_is_there) return "an interface has the address";
      break;
    case VERDICT_QUEUE_FULL:
      if (!facts->is_udp && facts->listener.queued <= facts->listener.queue_limit) return "the queue has room";
      break;
    case VERDICT_PAUSED:
      if (!facts->listener.is_stopped) return "its process runs";
      break;
    default:
      break;
  }
  return NULL;
}

#endif
