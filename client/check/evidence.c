/* The facts of a port, one sentence each. It must not know the verdict: the same facts read the same everywhere. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/check/advice_unix.h"
#include "client/check/evidence.h"
#include "client/check/firewall_advice.h"
#include "common/explain/explain_text.h"
#include "common/explain/holders.h"
#include "common/explain/system_words.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"
#include "common/wire/wire.h"

/* What an error packet says, by IANA's names. */
static const char *icmp_words(bool is_ipv6, unsigned type, unsigned code) {
  static const struct {
    bool is_ipv6;
    uint8_t type, code;
    const char *words;
  } names[] = {
      {false, 3, 0, "network unreachable"},
      {false, 3, 1, "host unreachable"},
      {false, 3, 2, "protocol unreachable"},
      {false, 3, 3, "port unreachable"},
      {false, 3, 9, "network administratively prohibited"},
      {false, 3, 10, "host administratively prohibited"},
      {false, 3, 13, "communication administratively prohibited"},
      {true, 1, 0, "no route"},
      {true, 1, 1, "communication administratively prohibited"},
      {true, 1, 3, "address unreachable"},
      {true, 1, 4, "port unreachable"},
      {true, 1, 5, "failed a policy"},
      {true, 1, 6, "route rejected"},
  };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (names[i].is_ipv6 == is_ipv6 && names[i].type == type && names[i].code == code) return names[i].words;
  return "an error";
}

static void note_outcome(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  const struct probe_facts *probe = &facts->probe;
  char took[UNITS_TEXT_SIZE], code[32];
  explain_code_name(probe->code, code);
  if (probe->answer == ANSWER_QUIET && facts->is_udp) return;
  if (probe->outcome == PROBE_CONNECTED && facts->is_udp)
    advice_note(out, "A datagram was sent, and no error came back for it.");
  else if (probe->outcome == PROBE_CONNECTED)
    advice_note(out, "The connection stood after %s.", units_format_duration((double)probe->connect_ns, took));
  else if (probe->outcome == PROBE_TIMED_OUT && probe->repeats > 0)
    advice_note(out, "No answer came within %s, although the opening packet was sent %d times.",
                units_format_duration((double)context->timeout_ns, took), probe->repeats + 1);
  else if (probe->outcome == PROBE_TIMED_OUT)
    advice_note(out, "No answer came within %s.", units_format_duration((double)context->timeout_ns, took));
  else if (facts->is_unix)
    advice_note(out, "Connecting was refused: %s.", code);
  else if (probe->is_immediate)
    advice_note(out, "The system refused to send anything: %s.", code);
  else
    advice_note(out, "The answer was an error: %s.", code);
  if (probe->icmp_came)
    advice_note(out, "It came as an error packet: ICMP%s type %u code %u, %s.", facts->is_ipv6 ? "v6" : "",
                probe->icmp_type, probe->icmp_code, icmp_words(facts->is_ipv6, probe->icmp_type, probe->icmp_code));
}

/* "an HTTP request (72 bytes)" */
static const char *question_words(const struct probe_facts *probe, char out[64]) {
  static const char *const names[QUESTIONS] = {
      [QUESTION_HELLO] = "lopong's hello",
      [QUESTION_HTTP] = "an HTTP request",
      [QUESTION_TLS] = "the beginning of a TLS handshake",
      [QUESTION_POSTGRESQL] = "PostgreSQL's request for encryption",
      [QUESTION_REDIS] = "Redis's PING",
      [QUESTION_MEMCACHED] = "memcached's version question",
      [QUESTION_DNS] = "a DNS question",
  };
  if (names[probe->question] != NULL)
    snprintf(out, 64, "%s (%zu bytes)", names[probe->question], probe->sent_bytes);
  else
    snprintf(out, 64, "%zu byte%s", probe->sent_bytes, units_plural(probe->sent_bytes));
  return out;
}

static void note_known(const struct probe_facts *probe, const char *shown, struct advice *out) {
  char asked[64];
  if (probe->sent_bytes == 0)
    advice_note(out, "It spoke first, and nothing was sent before that: \"%s\".", shown);
  else
    advice_note(out, "It was sent %s, and answered \"%s\".", question_words(probe, asked), shown);
}

static void note_answer(const struct advice_context *context, struct advice *out) {
  const struct probe_facts *probe = &context->examination->facts.probe;
  char shown[4 * FACTS_FIRST_BYTES + 1], waited[UNITS_TEXT_SIZE], asked[64];
  struct wire_welcome welcome;
  safe_text_copy(probe->first_bytes, probe->first_bytes_length, shown, sizeof shown);
  question_words(probe, asked);
  switch (probe->answer) {
    case ANSWER_NOT_ASKED:
      return;
    case ANSWER_ECHO:
      advice_note(out, "It was sent %s, and %s came back.", asked,
                  wire_get_welcome((const uint8_t *)probe->first_bytes, probe->first_bytes_length, &welcome)
                      ? "lopong's welcome"
                      : "the same");
      return;
    case ANSWER_KNOWN:
      note_known(probe, shown, out);
      return;
    case ANSWER_OTHER:
      advice_note(out, "What came %sis no echo: \"%s\".", probe->sent_bytes > 0 ? "back " : "", shown);
      return;
    case ANSWER_SILENT:
      advice_note(out, "It was sent %s, and nothing came back within %s.", asked,
                  units_format_duration((double)context->timeout_ns, waited));
      return;
    case ANSWER_QUIET:
      advice_note(out, "Nothing was sent to it, and it said nothing.");
      return;
    case ANSWER_END:
      advice_note(out, "The other side closed the connection %s.",
                  probe->sent_bytes > 0 ? "without an answer" : "by itself: nothing had been sent");
      return;
    case ANSWER_RESET:
      advice_note(out, "The connection was reset before an answer.");
      return;
  }
}

/* A second connection, to a server that hung up on the question of the first. */
static void note_again(const struct port_facts *facts, struct advice *out) {
  const struct probe_facts *again = &facts->again;
  if (again->outcome != PROBE_CONNECTED) return;
  if (again->answer == ANSWER_KNOWN)
    advice_note(out, "A second connection on which it was asked for %s was answered.",
                protocol_name(again->protocol.protocol));
  else if (again->sent_bytes == 0 && (again->answer == ANSWER_END || again->answer == ANSWER_RESET))
    advice_note(out, "A second connection on which nothing was said was closed, too.");
  else
    advice_note(out, "A second connection stood as long as nothing was said on it.");
}

static void note_forward(const struct advice_context *context, struct advice *out) {
  const struct forward_facts *forward = &context->examination->forward;
  char host[4 * FORWARD_HOST_SIZE];
  if (!forward->is_known) return;
  safe_text_copy(forward->target.host, strlen(forward->target.host), host, sizeof host);
  advice_note(out, "Its %s says that it forwards to %s port %u%s.",
              forward->is_from_file ? "configuration" : "command line", host, forward->target.port,
              forward->is_dead ? ", and nobody listens there" : "");
}

static void note_listener(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  const struct listener_facts *listener = &facts->listener;
  const struct port_socket *holder = advice_holder(context);
  uint16_t port = address_port(&context->examination->target.address);
  char where[ADDRESS_TEXT_SIZE] = "the port", code[32], untold[EXPLAIN_UNTOLD_SIZE];
  if (holder != NULL && address_port(&holder->local) == port) address_format(&holder->local, where);
  explain_code_name(listener->code, code);
  if (!listener->is_known && listener->code != 0)
    advice_note(out, "Which sockets listen is not known: %s.", code);
  else if (!listener->is_known)
    advice_note(out, "%s.", explain_untold("loping", advice_look_words(facts), port, untold));
  else if (listener->is_here && !system_words()->tells_queues)
    advice_note(out, "A socket %s on %s.", facts->is_udp ? "receives" : "listens", where);
  else if (listener->is_here && facts->is_udp)
    advice_note(out, "A socket receives on %s; %s in its buffer.", where,
                listener->unread_bytes > 0 ? "unread datagrams are" : "nothing is");
  else if (listener->is_here)
    advice_note(out, "A socket listens on %s; %" PRIu32 " connection%s wait%s to be accepted, %" PRIu32 " may.", where,
                listener->queued, listener->queued == 1 ? "" : "s", listener->queued == 1 ? "s" : "",
                listener->queue_limit);
  else if (listener->is_on_device)
    advice_note(out, "A socket listens on %s, but it is bound to a network interface other than loopback.", where);
  else if (listener->is_elsewhere)
    advice_note(out, "A socket %s on %s, but none on the address asked for.", facts->is_udp ? "receives" : "listens",
                where);
  else if (listener->only_bound)
    advice_note(out, "A socket has %s, but does not listen: listen() was not called on it.", where);
  else
    advice_note(out, "No socket of this machine %s on port %u.", facts->is_udp ? "receives" : "listens", port);
}

static void note_half(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  const struct server_half_facts *half = &facts->server_half;
  char counted[UNITS_COUNTED_SIZE];
  if (facts->probe.unacknowledged > 0)
    advice_note(out, "%d of the bytes sent %s not acknowledged; packets were sent again %d time%s.",
                facts->probe.unacknowledged, facts->probe.unacknowledged == 1 ? "was" : "were", facts->probe.repeats,
                units_plural((uint64_t)facts->probe.repeats));
  if (!half->is_found) return;
  if (half->port != 0)
    advice_note(out, "The other end of the connection has port %u: a rule redirects it there.", half->port);
  if (half->is_half_open)
    advice_note(out, "The request reached the server's side: a half-open connection (SYN_RECV) stands there.");
  else if (facts->probe.answer == ANSWER_SILENT || facts->probe.answer == ANSWER_QUIET)
    advice_note(out, "On the server's side, %s; %s there to be read, %" PRIu32 " that it sent %s not acknowledged.",
                half->is_accepted ? "a process has the connection" : "no process has accepted the connection",
                units_format_counted(half->unread_bytes, "byte waits", "bytes wait", counted), half->unsent_bytes,
                half->unsent_bytes == 1 ? "was" : "were");
}

static void note_tcp_counters(const struct port_facts *facts, struct advice *out) {
  const struct counter_facts *counters = &facts->counters;
  bool is_refused = facts->probe.outcome == PROBE_REFUSED || facts->probe.outcome == PROBE_RESET ||
                    facts->probe.answer == ANSWER_RESET;
  if (is_refused && !facts->probe.icmp_came && counters->resets_sent == 0)
    advice_note(out, "The system itself sent no reset (OutRsts +0): %s.",
                facts->path.is_sent_on ? "it came from where the packet was sent on to" : "a firewall rule made it");
  else if (is_refused && counters->resets_sent > 0)
    advice_note(out, "The system itself sent the reset (OutRsts +%" PRId64 ").", counters->resets_sent);
  if (facts->probe.outcome == PROBE_TIMED_OUT && counters->repeats_failed > 0)
    advice_note(out, "Sending the packet again was refused on the way out (TCPRetransFail +%" PRId64 ").",
                counters->repeats_failed);
  bool is_untold = counters->repeats_failed == FACT_UNKNOWN && facts->path.loss == LOSS_UNKNOWN;
  if (facts->probe.outcome == PROBE_TIMED_OUT && is_untold && !facts->path.is_sent_on)
    advice_note(out, "Several ports were silent at once, some of them blocked on the way out: check this one alone.");
  if (counters->listen_overflows > 0)
    advice_note(out, "The system counted connections that found a full queue (ListenOverflows +%" PRId64 ").",
                counters->listen_overflows);
}

static void note_udp_counters(const struct port_facts *facts, struct advice *out) {
  const struct counter_facts *counters = &facts->counters;
  if (facts->probe.outcome == PROBE_REFUSED && counters->udp_no_port == 0)
    advice_note(out, "The system itself refused no datagram (NoPorts +0): a firewall rule did.");
  if (counters->udp_no_port > 0)
    advice_note(out, "A datagram arrived for a port that nobody has (NoPorts +%" PRId64 ").", counters->udp_no_port);
  if (facts->probe.answer != ANSWER_SILENT) return;
  if (counters->udp_received == FACT_UNKNOWN)
    advice_note(out,
                "Other programs' datagrams moved the machine's counters meanwhile, so they tell nothing of this port.");
  if (counters->udp_buffer_full > 0)
    advice_note(out, "A receive buffer was full (RcvbufErrors +%" PRId64 ").", counters->udp_buffer_full);
  if (counters->udp_received == 0) advice_note(out, "No program read a datagram meanwhile (InDatagrams +0).");
  if (counters->udp_received > 0)
    advice_note(out, "A program read a datagram (InDatagrams +%" PRId64 "), and %" PRId64 " left besides the probe.",
                counters->udp_received, counters->udp_sent > 0 ? counters->udp_sent - 1 : 0);
  if (counters->ip_out_discarded > 0)
    advice_note(out, "A packet was refused on its way out (OutDiscards +%" PRId64 ").", counters->ip_out_discarded);
}

static const char *outcome_words(enum probe_outcome outcome) {
  switch (outcome) {
    case PROBE_CONNECTED:
      return "answered";
    case PROBE_REFUSED:
      return "refused";
    case PROBE_TIMED_OUT:
      return "silent";
    case PROBE_FAILED:
      return "could not be tried";
    default:
      return "unreachable";
  }
}

static void note_controls(const struct port_facts *facts, struct advice *out) {
  const struct control_facts *controls = &facts->controls;
  if (controls->closed_port != PROBE_NOT_TRIED)
    advice_note(out, "For comparison, a port on which nobody listens: %s (%s is normal).",
                outcome_words(controls->closed_port), "refused");
  if (controls->own_listener != PROBE_NOT_TRIED)
    advice_note(out, "For comparison, a server of loping's own on another port: %s (answered is normal).",
                outcome_words(controls->own_listener));
}

static void note_own_server(const struct port_facts *facts, struct advice *out) {
  const struct control_facts *controls = &facts->controls;
  char code[32];
  explain_code_name(controls->own_server_code, code);
  if (controls->own_server_code != 0)
    advice_note(out, "loping could not serve on the port itself for a moment (%s), so it did not try that.", code);
  else if (controls->own_server.outcome == PROBE_CONNECTED && controls->own_server.answer == ANSWER_ECHO)
    advice_note(out,
                "loping listened on the port itself for a moment and was reached: no firewall blocks a server there.");
  else if (controls->own_server.outcome != PROBE_NOT_TRIED)
    advice_note(out,
                "loping listened on the port itself for a moment: %s. A server there would not be reached, either.",
                controls->own_server.outcome == PROBE_CONNECTED ? "it was connected, but the data was lost"
                                                                : outcome_words(controls->own_server.outcome));
}

static void note_holder(const struct advice_context *context, struct advice *out) {
  static const struct explanation empty;
  struct explanation words = empty;
  const struct port_socket *holder = advice_holder(context);
  if (holder == NULL) return;
  if (holder->process_count == 0 && context->examination->facts.path.is_confined) {
    advice_note(out, "Which process has it cannot be seen from inside a sandbox.");
    return;
  }
  explain_who_holds(&words, holder, 0, context->own_user_id);
  for (char *line = words.likely_cause; *line != '\0';) {
    /* Each line of a list is a line of the evidence, which has marks of its own. */
    if (strncmp(line, "- ", 2) == 0) line += 2;
    size_t length = strcspn(line, "\n");
    advice_note(out, "%.*s", (int)length, line);
    line += length + (line[length] != '\0');
  }
}

static void add_unix_evidence(const struct advice_context *context, struct advice *out) {
  note_outcome(context, out);
  note_answer(context, out);
  advice_unix_note_place(context, out);
  advice_unix_note_half(context, out);
  note_again(&context->examination->facts, out);
  size_t first = out->evidence_count;
  note_holder(context, out);
  advice_mark_chief(out, first);
}

/* What is different about an address that is not loopback's. */
static void note_own_address(const struct advice_context *context, struct advice *out) {
  char host[ADDRESS_TEXT_SIZE];
  if (context->interface_name[0] == '\0') return;
  address_format_host(&context->examination->target.address, host);
  advice_note(out,
              "%s is this machine's own address, of %s. What this machine sends there stays on the loopback "
              "interface; what other machines meet there (their way to it, rules for %s) was not looked into.",
              host, context->interface_name, context->interface_name);
}

static void note_beside(const struct advice_context *context, struct advice *out) {
  const char *beside = context->examination->beside;
  const struct listener_facts *listener = &context->examination->facts.listener;
  char shown[4 * sizeof context->examination->beside];
  if (beside[0] == '\0') return;
  safe_text_copy(beside, strlen(beside), shown, sizeof shown);
  if (listener->is_known && !listener->is_here)
    advice_note(out, "Its usual server listens on a unix socket alone: %s.", shown);
  else
    advice_note(out, "A server listens on its usual unix socket as well: %s.", shown);
}

void advice_add_evidence(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  char two_servers[TWO_SERVERS_TEXT_SIZE];
  size_t first = out->evidence_count;
  if (facts->is_unix) {
    add_unix_evidence(context, out);
    return;
  }
  firewall_advice_note(context, out);
  advice_mark_chief(out, first);
  note_outcome(context, out);
  note_answer(context, out);
  note_listener(context, out);
  note_half(context, out);
  if (facts->is_udp)
    note_udp_counters(facts, out);
  else
    note_tcp_counters(facts, out);
  note_controls(facts, out);
  note_own_server(facts, out);
  note_again(facts, out);
  note_forward(context, out);
  first = out->evidence_count;
  note_holder(context, out);
  advice_mark_chief(out, first);
  note_beside(context, out);
  note_own_address(context, out);
  if (context->has_two_servers)
    advice_note(out, "%s", two_servers_write(&context->two_servers, context->localhost, two_servers));
  if (!facts->loopback_is_there) advice_note(out, "No interface that is up has this address.");
}
