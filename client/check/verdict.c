/*
 * The decision table of `loping check`. Pure: it must not know how a fact was found, nor how a verdict is worded.
 * Each row names a situation; the first that fits decides. What the rows rest on: connect(2), tcp(7), icmp(7), and
 * measured behaviour of Linux (a reset that the kernel itself sends counts in OutRsts, one that a firewall makes does
 * not; a packet that is refused on the way out makes TCPRetransFail grow at its first repetition; a full accept queue
 * makes ListenOverflows grow).
 */
#include "client/check/verdict.h"

#include "client/check/verdict_unix.h"

typedef bool facts_test(const struct port_facts *facts);

static bool is_connected(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_CONNECTED;
}

static bool is_unreachable(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_HOST_UNREACHABLE || facts->probe.outcome == PROBE_NET_UNREACHABLE;
}

static bool is_nobody_here(const struct port_facts *facts) {
  return facts->listener.is_known && !facts->listener.is_here;
}

static bool is_queue_full(const struct port_facts *facts) {
  const struct listener_facts *listener = &facts->listener;
  bool is_over = listener->is_here && listener->queued > listener->queue_limit;
  /* A queue that is full but was never asked does not explain the silence. */
  return is_over && facts->counters.listen_overflows != 0;
}

static bool is_contradictory(const struct port_facts *facts) {
  const struct probe_facts *probe = &facts->probe;
  bool has_stood = is_connected(facts) && probe->answer != ANSWER_NOT_ASKED;
  if (probe->is_self) return !is_connected(facts);
  if (has_stood && !facts->is_udp && !facts->loopback_is_there) return true;
  if (probe->outcome == PROBE_REFUSED && facts->server_half.is_accepted) return true;
  /* Not sent, and yet arrived. */
  return probe->outcome == PROBE_TIMED_OUT && facts->counters.repeats_failed > 0 && facts->server_half.is_found;
}

static bool is_self(const struct port_facts *facts) {
  return facts->probe.is_self;
}

static bool is_loopback_down(const struct port_facts *facts) {
  return !facts->loopback_is_there && !is_connected(facts) && !facts->probe.icmp_came &&
         facts->probe.outcome != PROBE_REFUSED;
}

static bool is_out_of_ports(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_NO_ADDRESS;
}

static bool is_confined(const struct port_facts *facts) {
  return facts->path.is_confined && facts->probe.is_immediate;
}

/* Seen by a trace or by connection tracking, as root. */
static bool is_sent_on(const struct port_facts *facts) {
  return facts->path.is_sent_on;
}

static bool is_route_forbidden(const struct port_facts *facts) {
  const struct probe_facts *probe = &facts->probe;
  bool is_route_code = is_unreachable(facts) || probe->outcome == PROBE_FORBIDDEN || probe->outcome == PROBE_INVALID;
  return is_route_code && probe->is_immediate && !probe->icmp_came;
}

/* An error packet came. Of UDP, "port unreachable" is also the kernel's own answer for a port that nobody has: then it
 * counts that. */
static bool is_rejected_by_packet(const struct port_facts *facts) {
  bool is_own_answer = facts->is_udp && facts->probe.outcome == PROBE_REFUSED && facts->counters.udp_no_port != 0;
  return facts->probe.icmp_came && !is_own_answer &&
         (facts->probe.outcome == PROBE_REFUSED || is_unreachable(facts) || facts->probe.outcome == PROBE_FORBIDDEN);
}

/* A rule that was traced, and refused a server of our own as well, decides whatever was counted. */
static bool is_rejected_by_reset(const struct port_facts *facts) {
  bool is_refused = facts->probe.outcome == PROBE_REFUSED || facts->probe.outcome == PROBE_RESET;
  bool is_traced = facts->path.has_rule && facts->path.loss != LOSS_REPLY;
  if (!is_refused || facts->is_udp) return false;
  if (is_traced && facts->controls.own_server.outcome == PROBE_REFUSED) return true;
  if (facts->counters.resets_sent == FACT_UNKNOWN)
    return facts->probe.outcome == PROBE_REFUSED && facts->listener.is_here && !facts->listener.is_on_device;
  return facts->counters.resets_sent == 0;
}

static bool is_bound_to_device(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_REFUSED && facts->listener.is_on_device;
}

/* The refusal is the kernel's own, although somebody has the very port: the packet went to another one. */
static bool is_redirected_to_nobody(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_REFUSED && facts->listener.is_known && facts->listener.is_here &&
         (facts->is_udp ? facts->counters.udp_no_port > 0 : facts->counters.resets_sent > 0);
}

/* Nobody has the port, and a server that listened there for a moment was refused like the probe, by the kernel itself.
 */
static bool is_own_server_missed(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_REFUSED && !facts->probe.icmp_came && facts->listener.is_known &&
         facts->counters.resets_sent > 0 && facts->controls.own_server.outcome == PROBE_REFUSED &&
         !facts->controls.own_server.icmp_came;
}

static bool is_reset_by_full_queue(const struct port_facts *facts) {
  bool is_reset = facts->probe.outcome == PROBE_RESET || facts->probe.answer == ANSWER_RESET;
  return is_reset && is_queue_full(facts);
}

static bool is_reset_at_once(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_RESET;
}

static bool is_elsewhere(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_REFUSED && facts->listener.is_elsewhere;
}

/* Nobody listens, and a server that listened there for a moment was not reached. */
static bool is_closed(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_REFUSED;
}

static bool own_server_gets_no_handshake(const struct port_facts *facts) {
  return is_closed(facts) && facts->controls.own_server.outcome == PROBE_TIMED_OUT;
}

static bool own_server_gets_no_data(const struct port_facts *facts) {
  const struct probe_facts *own = &facts->controls.own_server;
  return is_closed(facts) && own->outcome == PROBE_CONNECTED &&
         (own->answer == ANSWER_SILENT || own->answer == ANSWER_RESET);
}

static bool own_server_gets_no_answer_out(const struct port_facts *facts) {
  return own_server_gets_no_data(facts) && facts->controls.own_server_half.is_found &&
         facts->controls.own_server_half.unsent_bytes > 0;
}

static bool is_timed_out(const struct port_facts *facts) {
  return !facts->is_udp && facts->probe.outcome == PROBE_TIMED_OUT;
}

static bool is_timed_out_in_queue(const struct port_facts *facts) {
  return is_timed_out(facts) && is_queue_full(facts);
}

static bool is_timed_out_and_paused(const struct port_facts *facts) {
  return is_timed_out_in_queue(facts) && facts->listener.is_stopped;
}

static bool is_synack_lost(const struct port_facts *facts) {
  return is_timed_out(facts) && facts->server_half.is_found && facts->server_half.is_half_open;
}

static bool is_over_limit(const struct port_facts *facts) {
  bool is_lost = is_timed_out(facts) || (facts->is_udp && facts->probe.answer == ANSWER_SILENT);
  return is_lost && facts->path.is_limited && (facts->path.loss == LOSS_OUT || facts->path.loss == LOSS_IN);
}

static bool is_lost_out(const struct port_facts *facts) {
  return is_timed_out(facts) && !facts->server_half.is_found && facts->path.loss == LOSS_OUT;
}

static bool is_lost_in(const struct port_facts *facts) {
  return is_timed_out(facts) && !facts->server_half.is_found && facts->path.loss == LOSS_IN;
}

static bool is_reply_lost(const struct port_facts *facts) {
  return is_timed_out(facts) && facts->path.loss == LOSS_REPLY;
}

static bool is_syn_refused_out(const struct port_facts *facts) {
  return is_timed_out(facts) && facts->counters.repeats_failed > 0;
}

static bool is_syn_lost(const struct port_facts *facts) {
  return is_timed_out(facts) && !facts->server_half.is_found;
}

static bool is_stream_up(const struct port_facts *facts) {
  return !facts->is_udp && is_connected(facts);
}

static bool is_half_elsewhere(const struct port_facts *facts) {
  return is_stream_up(facts) && facts->server_half.is_found && facts->server_half.port != 0;
}

/* The opening packet went unanswered for a second, and its repetition did not. */
static bool is_late(const struct port_facts *facts) {
  const uint64_t first_repetition_ns = 900 * UINT64_C(1000000);
  return is_stream_up(facts) && facts->probe.repeats > 0 && facts->probe.connect_ns >= first_repetition_ns &&
         !is_queue_full(facts);
}

static bool is_echo(const struct port_facts *facts) {
  return is_connected(facts) && facts->probe.answer == ANSWER_ECHO;
}

static bool is_known(const struct port_facts *facts) {
  return is_connected(facts) && facts->probe.answer == ANSWER_KNOWN;
}

static bool is_other(const struct port_facts *facts) {
  return is_connected(facts) && facts->probe.answer == ANSWER_OTHER;
}

/* A connection stands whose other end no table of this machine shows, on a port that nobody has. */
static bool is_taken_elsewhere(const struct port_facts *facts) {
  return is_stream_up(facts) && is_nobody_here(facts) && !facts->server_half.is_found &&
         facts->probe.answer != ANSWER_END && facts->probe.answer != ANSWER_RESET;
}

/* An answer to a datagram on a port that nobody receives on. */
static bool is_answered_by_nobody(const struct port_facts *facts) {
  return facts->is_udp && (is_echo(facts) || is_known(facts) || is_other(facts)) && is_nobody_here(facts);
}

static bool is_ended(const struct port_facts *facts) {
  return is_stream_up(facts) && facts->probe.answer == ANSWER_END;
}

/* It was the question that it did not like: a second look named it, or stood as long as nothing was said. */
static bool has_hung_up_on_question(const struct port_facts *facts) {
  bool is_over = facts->probe.answer == ANSWER_END || facts->probe.answer == ANSWER_RESET;
  return is_stream_up(facts) && is_over && facts->probe.sent_bytes > 0 && facts->again.outcome == PROBE_CONNECTED;
}

static bool is_known_again(const struct port_facts *facts) {
  return has_hung_up_on_question(facts) && facts->again.answer == ANSWER_KNOWN;
}

static bool is_left_in_peace(const struct port_facts *facts) {
  bool is_over = facts->again.answer == ANSWER_END || facts->again.answer == ANSWER_RESET;
  return has_hung_up_on_question(facts) && (!is_over || facts->again.sent_bytes > 0);
}

static bool is_reset_by_firewall(const struct port_facts *facts) {
  return is_stream_up(facts) && facts->probe.answer == ANSWER_RESET && facts->counters.resets_sent == 0;
}

static bool is_reset_by_server(const struct port_facts *facts) {
  return is_stream_up(facts) && facts->probe.answer == ANSWER_RESET;
}

/* Nothing was sent, and nothing came. */
static bool is_quiet(const struct port_facts *facts) {
  return is_stream_up(facts) && facts->probe.answer == ANSWER_QUIET;
}

static bool is_silent(const struct port_facts *facts) {
  bool is_unanswered = facts->probe.answer == ANSWER_SILENT || facts->probe.answer == ANSWER_QUIET;
  return is_stream_up(facts) && is_unanswered && facts->server_half.is_found;
}

static bool is_half_open(const struct port_facts *facts) {
  return is_silent(facts) && facts->server_half.is_half_open;
}

/* Its server wants to be handed a connection with the first bytes, and none were sent. */
static bool is_deferred(const struct port_facts *facts) {
  return is_quiet(facts) && is_half_open(facts) && facts->counters.accepts_deferred > 0;
}

static bool is_half_open_in_queue(const struct port_facts *facts) {
  return is_half_open(facts) && is_queue_full(facts);
}

static bool is_half_open_and_paused(const struct port_facts *facts) {
  return is_half_open_in_queue(facts) && facts->listener.is_stopped;
}

/* The data arrived, for the server has it or has answered; what comes back does not. */
static bool is_answer_lost(const struct port_facts *facts) {
  const struct server_half_facts *half = &facts->server_half;
  return is_silent(facts) && !half->is_half_open &&
         (half->unsent_bytes > 0 || (half->unread_bytes > 0 && facts->probe.unacknowledged > 0));
}

static bool is_data_lost(const struct port_facts *facts) {
  return is_silent(facts) && facts->probe.unacknowledged > 0 && facts->server_half.unread_bytes == 0;
}

static bool is_unread(const struct port_facts *facts) {
  return is_silent(facts) && !facts->server_half.is_half_open && facts->server_half.unread_bytes > 0;
}

static bool is_unread_and_paused(const struct port_facts *facts) {
  return is_unread(facts) && facts->listener.is_stopped;
}

static bool is_not_accepted(const struct port_facts *facts) {
  const struct server_half_facts *half = &facts->server_half;
  return is_quiet(facts) && half->is_found && !half->is_half_open && !half->is_accepted;
}

static bool is_not_accepted_and_paused(const struct port_facts *facts) {
  return is_not_accepted(facts) && facts->listener.is_stopped;
}

static bool is_accepted_unasked(const struct port_facts *facts) {
  return is_quiet(facts) && (facts->server_half.is_accepted || !facts->server_half.is_found);
}

static bool is_read_without_answer(const struct port_facts *facts) {
  return is_silent(facts) && !is_quiet(facts) && facts->server_half.is_accepted && facts->probe.unacknowledged == 0;
}

static bool is_datagram_refused_out(const struct port_facts *facts) {
  return facts->is_udp && facts->probe.outcome == PROBE_NOT_PERMITTED;
}

static bool is_datagram_silent(const struct port_facts *facts) {
  return facts->is_udp && is_connected(facts) && facts->probe.answer == ANSWER_SILENT;
}

static bool is_datagram_unasked(const struct port_facts *facts) {
  return facts->is_udp && facts->probe.answer == ANSWER_QUIET;
}

static bool is_datagram_lost_out(const struct port_facts *facts) {
  return is_datagram_silent(facts) && facts->path.loss == LOSS_OUT;
}

static bool is_datagram_reply_lost(const struct port_facts *facts) {
  return is_datagram_silent(facts) && facts->path.loss == LOSS_REPLY;
}

static bool is_datagram_lost_in(const struct port_facts *facts) {
  return is_datagram_silent(facts) && facts->path.loss == LOSS_IN;
}

static bool is_datagram_unasked_elsewhere(const struct port_facts *facts) {
  return is_datagram_unasked(facts) && facts->listener.is_elsewhere;
}

static bool is_datagram_unasked_by_nobody(const struct port_facts *facts) {
  return is_datagram_unasked(facts) && is_nobody_here(facts);
}

static bool is_datagram_rejected(const struct port_facts *facts) {
  const struct listener_facts *listener = &facts->listener;
  bool is_received = listener->is_here && !listener->is_on_device;
  /* Where nothing is counted, a refusal although somebody receives there is not the kernel's own. */
  bool is_not_own = facts->counters.udp_no_port == 0 || (facts->counters.udp_no_port == FACT_UNKNOWN && is_received);
  return facts->is_udp && facts->probe.outcome == PROBE_REFUSED && is_not_own;
}

static bool is_error_lost(const struct port_facts *facts) {
  return is_datagram_silent(facts) && facts->counters.udp_no_port > 0 && !facts->listener.is_here;
}

static bool is_buffer_full(const struct port_facts *facts) {
  return is_datagram_silent(facts) && facts->listener.is_here && facts->counters.udp_buffer_full > 0;
}

static bool is_datagram_unread(const struct port_facts *facts) {
  return (is_datagram_silent(facts) || is_datagram_unasked(facts)) && facts->listener.is_here &&
         facts->listener.unread_bytes > 0;
}

static bool is_datagram_paused(const struct port_facts *facts) {
  return facts->listener.is_stopped && (is_buffer_full(facts) || is_datagram_unread(facts));
}

/* Read by somebody, and an answer was refused on its way out, or left and never came. The first datagram sent is the
 * probe itself. */
static bool is_datagram_answer_lost(const struct port_facts *facts) {
  return is_datagram_silent(facts) && facts->listener.is_here && facts->counters.udp_received > 0 &&
         (facts->counters.ip_out_discarded > 0 || facts->counters.udp_sent > 1);
}

static bool is_datagram_read(const struct port_facts *facts) {
  return is_datagram_silent(facts) && facts->listener.is_here && facts->counters.udp_received > 0;
}

static bool is_datagram_lost(const struct port_facts *facts) {
  bool is_not_read = facts->counters.udp_received == 0 || is_nobody_here(facts);
  return is_datagram_silent(facts) && facts->listener.is_known && is_not_read && facts->counters.udp_no_port <= 0;
}

static const struct {
  facts_test *fits;
  enum verdict verdict;
} rows[] = {
    {is_contradictory, VERDICT_UNKNOWN},
    {is_self, VERDICT_SELF_CONNECT},
    {is_loopback_down, VERDICT_LOOPBACK_DOWN},
    {is_out_of_ports, VERDICT_NO_CLIENT_PORTS},
    {is_confined, VERDICT_CONFINED},
    {is_sent_on, VERDICT_REDIRECTED},
    {is_rejected_by_packet, VERDICT_REJECTED},
    {is_route_forbidden, VERDICT_ROUTE_FORBIDDEN},
    {is_reset_by_full_queue, VERDICT_QUEUE_FULL},
    {is_rejected_by_reset, VERDICT_REJECTED},
    {is_datagram_rejected, VERDICT_REJECTED},
    {is_bound_to_device, VERDICT_WRONG_ADDRESS},
    {is_redirected_to_nobody, VERDICT_REDIRECTED},
    {is_own_server_missed, VERDICT_REDIRECTED},
    {is_reset_at_once, VERDICT_HUNG_UP},
    {is_elsewhere, VERDICT_WRONG_ADDRESS},
    {own_server_gets_no_handshake, VERDICT_REPLIES_BLOCKED},
    {own_server_gets_no_answer_out, VERDICT_REPLIES_BLOCKED},
    {own_server_gets_no_data, VERDICT_DATA_BLOCKED},
    {is_closed, VERDICT_CLOSED},
    {is_timed_out_and_paused, VERDICT_PAUSED},
    {is_timed_out_in_queue, VERDICT_QUEUE_FULL},
    {is_synack_lost, VERDICT_REPLIES_BLOCKED},
    {is_over_limit, VERDICT_INTERMITTENT},
    {is_lost_out, VERDICT_BLOCKED_OUT},
    {is_lost_in, VERDICT_BLOCKED},
    {is_reply_lost, VERDICT_REPLIES_BLOCKED},
    {is_syn_refused_out, VERDICT_BLOCKED_OUT},
    {is_syn_lost, VERDICT_BLOCKED},
    {is_half_elsewhere, VERDICT_REDIRECTED},
    {is_answered_by_nobody, VERDICT_REDIRECTED},
    {is_taken_elsewhere, VERDICT_REDIRECTED},
    {is_late, VERDICT_INTERMITTENT},
    {is_echo, VERDICT_OPEN},
    {is_known, VERDICT_ANSWERS},
    {is_other, VERDICT_NOT_ECHO},
    {is_known_again, VERDICT_ANSWERS},
    {is_reset_by_firewall, VERDICT_DATA_BLOCKED},
    {is_left_in_peace, VERDICT_NOT_ECHO},
    {is_ended, VERDICT_HUNG_UP},
    {is_reset_by_server, VERDICT_HUNG_UP},
    {is_deferred, VERDICT_ACCEPTS},
    {is_half_open_and_paused, VERDICT_PAUSED},
    {is_half_open_in_queue, VERDICT_QUEUE_FULL},
    {is_half_open, VERDICT_DATA_BLOCKED},
    {is_answer_lost, VERDICT_REPLIES_BLOCKED},
    {is_data_lost, VERDICT_DATA_BLOCKED},
    {is_not_accepted_and_paused, VERDICT_PAUSED},
    {is_not_accepted, VERDICT_NOT_READING},
    {is_accepted_unasked, VERDICT_ACCEPTS},
    {is_unread_and_paused, VERDICT_PAUSED},
    {is_unread, VERDICT_NOT_READING},
    {is_read_without_answer, VERDICT_NOT_ECHO},
    {is_datagram_refused_out, VERDICT_BLOCKED_OUT},
    {is_datagram_lost_out, VERDICT_BLOCKED_OUT},
    {is_datagram_lost_in, VERDICT_BLOCKED},
    {is_datagram_reply_lost, VERDICT_REPLIES_BLOCKED},
    {is_error_lost, VERDICT_REPLIES_BLOCKED},
    {is_datagram_paused, VERDICT_PAUSED},
    {is_buffer_full, VERDICT_QUEUE_FULL},
    {is_datagram_unread, VERDICT_NOT_READING},
    {is_datagram_unasked_elsewhere, VERDICT_WRONG_ADDRESS},
    {is_datagram_unasked_by_nobody, VERDICT_CLOSED},
    {is_datagram_unasked, VERDICT_ACCEPTS},
    {is_datagram_answer_lost, VERDICT_REPLIES_BLOCKED},
    {is_datagram_read, VERDICT_NOT_ECHO},
    {is_datagram_lost, VERDICT_BLOCKED},
};

enum verdict verdict_decide(const struct port_facts *facts) {
  enum verdict verdict;
  if (facts->is_unix && verdict_unix_decide(facts, &verdict)) return verdict;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].fits(facts)) return rows[i].verdict;
  return VERDICT_UNKNOWN;
}

bool verdict_is_answered(const struct port_facts *facts) {
  return is_echo(facts) || is_known(facts) || is_other(facts) || is_accepted_unasked(facts);
}
