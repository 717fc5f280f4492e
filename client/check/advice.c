/* What a verdict means here, and what to do: one function each. It must not decide anything. */
#include "client/check/advice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/check/evidence.h"
#include "client/check/firewall_advice.h"
#include "common/explain/explain_text.h"
#include "common/text/safe_text.h"

typedef void advice_writer(const struct advice_context *context, struct advice *out);

static uint16_t port_of(const struct advice_context *context) {
  return address_port(&context->examination->target.address);
}

static bool is_udp(const struct advice_context *context) {
  return context->examination->facts.is_udp;
}

static const char *admin(const struct advice_context *context) {
  return context->own_user_id == 0 ? "" : machine_words()->become_admin;
}

static const char *host_of(const struct advice_context *context, char out[ADDRESS_TEXT_SIZE]) {
  return address_format_host(&context->examination->target.address, out);
}

/* "lopong --port 7777", for this address. */
static void suggest_server(const struct advice_context *context, struct advice *out) {
  char host[ADDRESS_TEXT_SIZE];
  host_of(context, host);
  bool is_default = strcmp(host, ADDRESS_DEFAULT_HOST) == 0;
  advice_step(out, "start a server in another terminal: lopong %s%s%s--port %u", is_default ? "" : "--bind ",
              is_default ? "" : host, is_default ? "" : " ", port_of(context));
}

/* The processes' ids that may be put after `kill`; "" where none is known. */
static const char *pids_of(const struct advice_context *context, bool only_stopped, char *out, size_t out_bytes) {
  const struct port_socket *holder = advice_holder(context);
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; holder != NULL && i < holder->process_count && out_bytes - used > 24; i++)
    if (holder->processes[i].is_stopped || !only_stopped)
      used += (size_t)snprintf(out + used, out_bytes - used, " %" PRId64, holder->processes[i].pid);
  return out;
}

static void suggest_look(const struct advice_context *context, struct advice *out) {
  const struct machine_words *words = machine_words();
  char number[8], command[EXPLAIN_COMMAND_SIZE];
  bool is_hidden = context->examination->facts.listener.is_hidden;
  snprintf(number, sizeof number, "%u", port_of(context));
  advice_step(out, "see it yourself: %s%s", is_hidden ? admin(context) : "",
              explain_command(is_udp(context) ? words->show_udp_holder : words->show_tcp_holder, number, command));
}

static bool has_traced_rule(const struct advice_context *context) {
  return context->examination->firewall != NULL && context->examination->firewall->trace.has_rule;
}

/* Nobody has the port: a server can be started there. */
static bool is_free(const struct advice_context *context) {
  return context->examination->facts.listener.is_known && !context->examination->facts.listener.is_here;
}

/* Is every port silent, those of the controls too? */
static bool is_everything_silent(const struct advice_context *context) {
  const struct control_facts *controls = &context->examination->facts.controls;
  return controls->own_listener == PROBE_TIMED_OUT &&
         (controls->closed_port == PROBE_TIMED_OUT || controls->closed_port == PROBE_NOT_TRIED);
}

/* "A server listens there" or "Nobody listens there", for the sentences on firewalls. */
static const char *server_words(const struct advice_context *context) {
  const struct listener_facts *listener = &context->examination->facts.listener;
  if (!listener->is_known) return "";
  if (listener->is_here) return is_udp(context) ? " A server has the port." : " A server listens there.";
  return is_udp(context) ? " Besides, nobody has the port." : " Besides, nobody listens there.";
}

/* A server for one client ends with its connection: its listener is gone already. */
static bool has_served_one(const struct advice_context *context) {
  const struct port_facts *facts = &context->examination->facts;
  return !facts->is_udp && facts->server_half.port == 0 && facts->listener.is_known && !facts->listener.is_here &&
         facts->server_half.is_found && facts->server_half.is_accepted;
}

static void say_what_ended(const struct advice_context *context, struct advice *out) {
  if (has_served_one(context))
    advice_say(out, " It serves one client and ends: with this connection nobody listens there any more.");
}

static void write_open(const struct advice_context *context, struct advice *out) {
  advice_say(out, "an echo server answers, and what is sent comes back.");
  say_what_ended(context, out);
}

/* The look that named the server: the first, or the second after a hang-up. */
static const struct protocol_facts *protocol_of(const struct advice_context *context) {
  const struct port_facts *facts = &context->examination->facts;
  return &(facts->again.answer == ANSWER_KNOWN ? &facts->again : &facts->probe)->protocol;
}

static void write_answers(const struct advice_context *context, struct advice *out) {
  const struct protocol_facts *protocol = protocol_of(context);
  char product[4 * PROTOCOL_PRODUCT_BYTES];
  safe_text_copy(protocol->product, strlen(protocol->product), product, sizeof product);
  advice_say(out, "a server answers, and it speaks %s%s%s%s. It is no echo server.", protocol_name(protocol->protocol),
             product[0] != '\0' ? " (" : "", product, product[0] != '\0' ? ")" : "");
  say_what_ended(context, out);
}

static void write_accepts(const struct advice_context *context, struct advice *out) {
  if (is_udp(context))
    advice_say(out, "a program receives there. Nothing was sent to it, so it is not known what it answers.");
  else
    advice_say(out, "a server accepts connections. Nothing was sent to it, so what it answers is not known.");
  say_what_ended(context, out);
  if (has_served_one(context)) return;
  if (context->examination->facts.listener.is_hidden)
    advice_step(out, "rerun with sudo: then loping sees which program it is, and asks what that wants");
  advice_step(out, "if bytes do it no harm, ask it: loping check %s--ask echo %u   (or http, tls, ...)",
              is_udp(context) ? "--udp " : "", port_of(context));
}

static void write_closed(const struct advice_context *context, struct advice *out) {
  const struct control_facts *controls = &context->examination->facts.controls;
  bool is_bound = context->examination->facts.listener.only_bound;
  if (is_bound)
    advice_say(out, "nobody listens there: a socket has the port, but listen() was not called on it.");
  else
    advice_say(out, "nobody %s there%s.", is_udp(context) ? "receives" : "listens",
               controls->own_server.answer == ANSWER_ECHO ? ", and no firewall would block a server" : "");
  if (is_bound)
    advice_step(out, "wait until that program listens, or look at why it does not");
  else
    suggest_server(context, out);
  suggest_look(context, out);
}

static void write_wrong_address(const struct advice_context *context, struct advice *out) {
  const struct port_socket *holder = advice_holder(context);
  char where[ADDRESS_TEXT_SIZE] = "another address", host[ADDRESS_TEXT_SIZE];
  if (holder != NULL) address_format(&holder->local, where);
  host_of(context, host);
  if (context->examination->facts.listener.is_on_device) {
    advice_say(out, "a server has %s, but only on a network interface other than loopback (SO_BINDTODEVICE).", where);
    advice_step(out, "start that server without its bind-to-device option, or reach it through its interface");
    suggest_look(context, out);
    return;
  }
  advice_say(out, "a server %s, but on %s, not on %s.", is_udp(context) ? "is there" : "listens", where, host);
  if (holder != NULL && address_is_loopback(&holder->local))
    advice_step(out, "use the server's address: loping %s%s", is_udp(context) ? "--udp " : "", where);
  advice_step(out, "or let the server listen on %s as well", host);
  suggest_look(context, out);
}

static void write_blocked(const struct advice_context *context, struct advice *out) {
  if (firewall_advice_say(context, out))
    advice_say(out, "%s", server_words(context));
  else if (is_everything_silent(context))
    advice_say(
        out,
        "a firewall discards what comes in on loopback, whatever the port: a chain's policy, or a rule without a "
        "port.%s",
        server_words(context));
  else
    advice_say(out, "a firewall silently discards what is sent to this port.%s", server_words(context));
  /* What is refused on the way out shows when TCP sends it again, after a second. */
  if (!is_udp(context) && context->examination->facts.probe.repeats == 0 && !has_traced_rule(context)) {
    advice_say(out, " In so short a time it does not show whether on the way out or on the way in.");
    advice_step(out, "have it told apart: loping check --timeout 1.5s %u", port_of(context));
  }
  firewall_advice_suggest(context, out);
  if (is_free(context)) suggest_server(context, out);
}

static void write_blocked_out(const struct advice_context *context, struct advice *out) {
  if (firewall_advice_say(context, out))
    advice_say(out, "%s", server_words(context));
  else
    advice_say(out, "a firewall discards it on the way out, before it has left this program's side (an output rule).%s",
               server_words(context));
  firewall_advice_suggest(context, out);
}

static void write_rejected(const struct advice_context *context, struct advice *out) {
  advice_say(out, "a firewall refuses it with %s.%s",
             context->examination->facts.probe.icmp_came ? "an ICMP error" : "a reset", server_words(context));
  firewall_advice_suggest(context, out);
  if (is_free(context)) suggest_server(context, out);
}

static void write_replies_blocked(const struct advice_context *context, struct advice *out) {
  bool is_trial = context->examination->facts.controls.own_server.outcome != PROBE_NOT_TRIED;
  if (is_trial)
    advice_say(out, "nobody %s there, and a firewall would discard the replies of a server.",
               is_udp(context) ? "receives" : "listens");
  else
    advice_say(out, "what is sent arrives, but a firewall discards the replies.%s", server_words(context));
  firewall_advice_suggest(context, out);
}

static void write_data_blocked(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  if (facts->controls.own_server.outcome != PROBE_NOT_TRIED)
    advice_say(out,
               "nobody listens there, and a firewall would let the connection of a server stand but not its data.");
  else if (facts->probe.answer == ANSWER_RESET)
    advice_say(out, "the connection stands, but a firewall answers the data with a reset.");
  else
    advice_say(out, "the connection stands, but a firewall discards the data.");
  firewall_advice_suggest(context, out);
}

static void write_queue_full(const struct advice_context *context, struct advice *out) {
  const struct listener_facts *listener = &context->examination->facts.listener;
  char pids[200];
  if (is_udp(context))
    advice_say(out, "a server has the port, but its receive buffer is full: it does not read.");
  else
    advice_say(out, "a server listens, but accepts no one: its queue is full (%" PRIu32 " wait, %" PRIu32 " may).",
               listener->queued, listener->queue_limit);
  advice_step(out, "look at what the server does: it has to %s", is_udp(context) ? "read" : "call accept()");
  if (pids_of(context, false, pids, sizeof pids)[0] != '\0') advice_step(out, "or stop it: kill%s", pids);
  suggest_look(context, out);
}

static void write_paused(const struct advice_context *context, struct advice *out) {
  char pids[200];
  pids_of(context, true, pids, sizeof pids);
  advice_say(out, "a server has the port, but its process%s is stopped (SIGSTOP, Ctrl-Z or a debugger).", pids);
  advice_step(out, "let it go on: kill -CONT%s", pids);
}

/* One client at a time, and another one is being served. */
static void write_busy(const struct advice_context *context, struct advice *out) {
  const struct busy_facts *busy = &context->examination->busy;
  const struct listener_facts *listener = &context->examination->facts.listener;
  char client[ADDRESS_TEXT_SIZE], command[4 * sizeof busy->command], who[sizeof command + 48] = "";
  safe_text_copy(busy->command, strlen(busy->command), command, sizeof command);
  if (busy->pid != 0) snprintf(who, sizeof who, " (process %" PRId64 ", %s)", busy->pid, command);
  advice_say(out, "a server listens, but is busy with %s%s", address_format(&busy->client, client), who);
  if (busy->count > 1) advice_say(out, " and %zu more", busy->count - 1);
  advice_say(out, ", and takes nobody else meanwhile. %" PRIu32 " wait%s.", listener->queued,
             listener->queued == 1 ? "s" : "");
  if (busy->pid != 0) advice_step(out, "wait until that client has ended, or end it: process %" PRId64, busy->pid);
  suggest_look(context, out);
}

static void write_not_reading(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  if (context->examination->busy.count > 0) {
    write_busy(context, out);
    return;
  }
  if (is_udp(context))
    advice_say(out, "a server has the port, but does not read what arrives.");
  else if (facts->server_half.is_accepted)
    advice_say(out, "a server accepts the connection, but does not read from it.");
  else
    advice_say(out,
               "a server listens, but has not accepted the connection: it is busy, stuck, stopped, or out of "
               "descriptors.");
  if (facts->listener.is_hidden)
    advice_step(out, "rerun with sudo: then loping can tell whether its process is stopped");
  else
    advice_step(out, "look at what the server does: it is stuck or busy with something else");
  suggest_look(context, out);
}

/* The forwarder is well; what it forwards to is not. */
static void write_dead_forward(const struct advice_context *context, struct advice *out) {
  const struct forward *target = &context->examination->forward.target;
  char host[4 * FORWARD_HOST_SIZE];
  safe_text_copy(target->host, strlen(target->host), host, sizeof host);
  advice_say(out,
             "a forwarder accepts the connection and closes it at once: it forwards to %s port %u, and nobody "
             "listens there.",
             host, target->port);
  advice_step(out, "start the server that it forwards to, at %s port %u", host, target->port);
  suggest_look(context, out);
}

static void write_hung_up(const struct advice_context *context, struct advice *out) {
  if (context->examination->forward.is_dead) {
    write_dead_forward(context, out);
    return;
  }
  advice_say(out, "a server accepts the connection and closes it at once.");
  advice_step(out, "look at the server's log: it refuses this client, or fails when one comes");
  suggest_look(context, out);
}

static void write_not_echo(const struct advice_context *context, struct advice *out) {
  const struct probe_facts *probe = &context->examination->facts.probe;
  char shown[4 * FACTS_FIRST_BYTES + 1];
  safe_text_copy(probe->first_bytes, probe->first_bytes_length, shown, sizeof shown);
  if (probe->answer == ANSWER_OTHER)
    advice_say(out, "a server answers, but it is no echo server. It says \"%s\".", shown);
  else if (probe->answer == ANSWER_END || probe->answer == ANSWER_RESET)
    advice_say(out,
               "a server accepts connections, and hangs up on what is not its protocol: it runs, but it is no echo "
               "server.");
  else
    advice_say(out, "a server reads what is sent and answers nothing: it runs, but it is no echo server.");
  suggest_look(context, out);
}

static void write_self_connect(const struct advice_context *context, struct advice *out) {
  advice_say(out, "nobody listens there: the connection met itself, because the system lent it this very port.");
  suggest_server(context, out);
  if (context->ports.known)
    advice_step(out, "for good: use a port outside %u-%u, which this machine lends to clients (%s)",
                context->ports.ephemeral_first, context->ports.ephemeral_last, machine_words()->ephemeral_setting);
}

static void write_no_client_ports(const struct advice_context *context, struct advice *out) {
  const struct machine_ports *ports = &context->ports;
  size_t first = out->evidence_count;
  advice_say(out, "no port is left for the client's side of a connection to this target.");
  if (ports->known)
    advice_note(out, "This machine lends %d ports, %u to %u (%s); those in TIME_WAIT count for a minute more.",
                ports->ephemeral_last - ports->ephemeral_first + 1, ports->ephemeral_first, ports->ephemeral_last,
                machine_words()->ephemeral_setting);
  advice_mark_chief(out, first);
  advice_step(out, "count them: ss -tan 'dport = :%u' | wc -l", port_of(context));
  advice_step(out, "wait a minute, and use fewer connections");
  if (ports->known && ports->ephemeral_first > 15000)
    advice_step(out, "or lend more ports: %ssysctl -w %s='15000 %u'", admin(context),
                machine_words()->ephemeral_setting, ports->ephemeral_last);
}

static void write_loopback_down(const struct advice_context *context, struct advice *out) {
  char host[ADDRESS_TEXT_SIZE];
  host_of(context, host);
  if (context->examination->facts.is_ipv6 && machine_ipv6_off() == MACHINE_YES) {
    advice_say(out, "IPv6 is switched off on this machine, so %s does not exist.", host);
    advice_step(out, "use IPv4: loping check 127.0.0.1:%u", port_of(context));
    advice_step(out, "or switch IPv6 on: %ssysctl -w %s=0", admin(context), machine_words()->ipv6_setting);
    return;
  }
  advice_say(out, "the loopback interface is down, or has not the address %s: no program can reach another there.",
             host);
  advice_step(out, "bring it up: %sip link set lo up", admin(context));
  advice_step(out, "see its addresses: ip addr show lo");
}

static void write_route_forbidden(const struct advice_context *context, struct advice *out) {
  char host[ADDRESS_TEXT_SIZE];
  host_of(context, host);
  advice_say(out, "a routing rule of this machine forbids packets to %s.", host);
  advice_step(out, "see the rules: ip %srule; ip route get %s", context->examination->facts.is_ipv6 ? "-6 " : "", host);
  advice_step(out, "take it away: %sip %srule del pref NUMBER", admin(context),
              context->examination->facts.is_ipv6 ? "-6 " : "");
}

static void write_intermittent(const struct advice_context *context, struct advice *out) {
  if (has_traced_rule(context) && !verdict_is_answered(&context->examination->facts))
    advice_say(out, "a firewall lets only so much through in a time, and now discards what is sent to this port.%s",
               server_words(context));
  else
    advice_say(out, "a server answers, but not every time: packets are discarded, as a firewall's rate limit does.");
  firewall_advice_suggest(context, out);
}

static void write_unknown(const struct advice_context *context, struct advice *out) {
  char code[32];
  explain_code_name(context->examination->start_code, code);
  if (context->examination->start_code != 0)
    advice_say(out, "it could not be probed: %s.", code);
  else
    advice_say(out, "what was found fits no cause that loping knows.");
  advice_step(out, "check it again; if it stays so, the facts above are what to report");
}

void advice_write(const struct advice_context *context, struct advice *out) {
  static advice_writer *const writers[VERDICTS] = {
      [VERDICT_OPEN] = write_open,
      [VERDICT_ANSWERS] = write_answers,
      [VERDICT_ACCEPTS] = write_accepts,
      [VERDICT_CLOSED] = write_closed,
      [VERDICT_WRONG_ADDRESS] = write_wrong_address,
      [VERDICT_BLOCKED] = write_blocked,
      [VERDICT_BLOCKED_OUT] = write_blocked_out,
      [VERDICT_REJECTED] = write_rejected,
      [VERDICT_REPLIES_BLOCKED] = write_replies_blocked,
      [VERDICT_DATA_BLOCKED] = write_data_blocked,
      [VERDICT_QUEUE_FULL] = write_queue_full,
      [VERDICT_PAUSED] = write_paused,
      [VERDICT_NOT_READING] = write_not_reading,
      [VERDICT_HUNG_UP] = write_hung_up,
      [VERDICT_NOT_ECHO] = write_not_echo,
      [VERDICT_REDIRECTED] = firewall_advice_write_redirected,
      [VERDICT_SELF_CONNECT] = write_self_connect,
      [VERDICT_NO_CLIENT_PORTS] = write_no_client_ports,
      [VERDICT_LOOPBACK_DOWN] = write_loopback_down,
      [VERDICT_ROUTE_FORBIDDEN] = write_route_forbidden,
      [VERDICT_CONFINED] = firewall_advice_write_confined,
      [VERDICT_INTERMITTENT] = write_intermittent,
      [VERDICT_UNKNOWN] = write_unknown,
  };
  memset(out, 0, sizeof *out);
  advice_add_evidence(context, out);
  writers[context->examination->verdict](context, out);
}
