/* What a verdict means here, and what to do: one function each. It must not decide anything. */
#include "client/check/advice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/check/advice_fault.h"
#include "client/check/advice_server.h"
#include "client/check/advice_unix.h"
#include "client/check/evidence.h"
#include "client/check/firewall/nft_name.h"
#include "client/check/firewall_advice.h"
#include "common/explain/explain_text.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

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

/* The command that shows connections, too. */
static void suggest_sockets(const struct advice_context *context, struct advice *out) {
  char number[8], command[EXPLAIN_COMMAND_SIZE];
  snprintf(number, sizeof number, "%u", port_of(context));
  advice_step(out, "see whose it is: %s%s", admin(context),
              explain_command(machine_words()->show_tcp_sockets, number, command));
}

/* Whoever meant the service finds it there. */
static void suggest_beside(const struct advice_context *context, struct advice *out) {
  char path[4 * UNIX_NAME_SIZE];
  const char *beside = context->examination->beside;
  if (beside[0] == '\0' || !nft_name_quote(beside, path, sizeof path)) return;
  advice_step(out, "or use the server at its unix socket: loping check unix:%s", path);
}

static void write_closed(const struct advice_context *context, struct advice *out) {
  const struct control_facts *controls = &context->examination->facts.controls;
  bool is_bound = context->examination->facts.listener.only_bound;
  /* No listener has it, and yet no server could have it: a connection does. */
  bool is_borrowed = !is_bound && controls->own_server_code == UV_EADDRINUSE;
  if (is_bound)
    advice_say(out, "nobody listens there: a socket has the port, but listen() was not called on it.");
  else if (is_borrowed)
    advice_say(out, "nobody listens there, and no server can now: a connection has the port.");
  else
    advice_say(out, "nobody %s there%s.", is_udp(context) ? "receives" : "listens",
               controls->own_server.answer == ANSWER_ECHO ? ", and no firewall would block a server" : "");
  if (is_bound)
    advice_step(out, "wait until that program listens, or look at why it does not");
  else if (is_borrowed)
    suggest_sockets(context, out);
  else
    suggest_server(context, out);
  suggest_beside(context, out);
  if (!is_borrowed) advice_suggest_look(context, out);
}

static void write_wrong_address(const struct advice_context *context, struct advice *out) {
  const struct port_socket *holder = advice_holder(context);
  char where[ADDRESS_TEXT_SIZE] = "another address", host[ADDRESS_TEXT_SIZE];
  if (holder != NULL) address_format(&holder->local, where);
  host_of(context, host);
  if (context->examination->facts.listener.is_on_device) {
    advice_say(out, "a server has %s, but only on a network interface other than loopback (SO_BINDTODEVICE).", where);
    advice_step(out, "start that server without its bind-to-device option, or reach it through its interface");
    advice_suggest_look(context, out);
    return;
  }
  advice_say(out, "a server %s, but on %s, not on %s.", is_udp(context) ? "is there" : "listens", where, host);
  if (holder != NULL && address_is_loopback(&holder->local))
    advice_step(out, "use the server's address: loping %s%s", is_udp(context) ? "--udp " : "", where);
  advice_step(out, "or let the server listen on %s as well", host);
  advice_suggest_look(context, out);
}

static void write_blocked(const struct advice_context *context, struct advice *out) {
  if (firewall_advice_say(context, out))
    advice_say(out, "%s", server_words(context));
  else if (is_everything_silent(context) && !firewall_advice_names_port(context))
    advice_say(
        out,
        "a firewall discards what comes in on loopback, whatever the port: a chain's policy, or a rule without a "
        "port.%s",
        server_words(context));
  else
    advice_say(out, "a firewall silently discards what is sent to this port.%s", server_words(context));
  /* What is refused on the way out shows when TCP sends it again, after a second. */
  if (!is_udp(context) && context->examination->facts.probe.repeats == 0 && !firewall_advice_has_rule(context)) {
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

static void write_self_connect(const struct advice_context *context, struct advice *out) {
  advice_say(out, "nobody listens there: the connection met itself, because the system lent it this very port.");
  suggest_server(context, out);
  if (context->ports.known)
    advice_step(out, "for good: use a port outside %u-%u, which this machine lends to clients (%s)",
                context->ports.ephemeral_first, context->ports.ephemeral_last, machine_words()->ephemeral_setting);
}

static void write_no_client_ports(const struct advice_context *context, struct advice *out) {
  const struct machine_ports *ports = &context->ports;
  char rest[UNITS_TEXT_SIZE], number[8], command[EXPLAIN_COMMAND_SIZE];
  size_t first = out->evidence_count;
  advice_say(out, "no port is left for the client's side of a connection to this target.");
  if (ports->known)
    advice_note(out, "This machine lends %d ports, %u to %u (%s).", ports->ephemeral_last - ports->ephemeral_first + 1,
                ports->ephemeral_first, ports->ephemeral_last, machine_words()->ephemeral_setting);
  if (ports->rest_ms > 0) {
    units_format_duration((double)ports->rest_ms * 1e6, rest);
    advice_note(
        out,
        "That of a connection that was closed rests in TIME_WAIT; a connection to loopback gets it again after %s.",
        rest);
    advice_step(out, "wait %s, and use fewer connections", rest);
  } else {
    advice_step(out, "use fewer connections");
  }
  advice_mark_chief(out, first);
  snprintf(number, sizeof number, "%u", port_of(context));
  if (machine_words()->count_connections[0] != '\0')
    advice_step(out, "count them: %s", explain_command(machine_words()->count_connections, number, command));
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
  if (firewall_advice_has_rule(context) && !verdict_is_answered(&context->examination->facts))
    advice_say(out, "a firewall lets only so much through in a time, and now discards what is sent to this port.%s",
               server_words(context));
  else
    advice_say(out, "a server answers, but not every time: packets are discarded, as a firewall's rate limit does.");
  firewall_advice_suggest(context, out);
}

/* A call of loping's own that failed, before or while it connected: no finding about the port. 0: none. */
static int own_failure(const struct examination *examination) {
  const struct probe_facts *probe = &examination->facts.probe;
  if (examination->start_code != 0) return examination->start_code;
  return probe->outcome == PROBE_FAILED && !probe->icmp_came ? probe->code : 0;
}

static void write_unknown(const struct advice_context *context, struct advice *out) {
  char name[32];
  int code = own_failure(context->examination);
  if (code != 0) {
    explain_code_name(code, name);
    advice_say(out, "it could not be probed: %s. That is what the system answered loping, not what the port does.",
               name);
    advice_step(out, "check it again; what the answer means: loping explain %s", name);
    return;
  }
  advice_say(out, "what was found fits no cause that loping knows.");
  advice_step(out, "check it again; if it stays so, the facts above are what to report");
}

void advice_write(const struct advice_context *context, struct advice *out) {
  static advice_writer *const writers[VERDICTS] = {
      [VERDICT_OPEN] = advice_write_open,
      [VERDICT_ANSWERS] = advice_write_answers,
      [VERDICT_ACCEPTS] = advice_write_accepts,
      [VERDICT_CLOSED] = write_closed,
      [VERDICT_WRONG_ADDRESS] = write_wrong_address,
      [VERDICT_BLOCKED] = write_blocked,
      [VERDICT_BLOCKED_OUT] = write_blocked_out,
      [VERDICT_REJECTED] = write_rejected,
      [VERDICT_REPLIES_BLOCKED] = write_replies_blocked,
      [VERDICT_DATA_BLOCKED] = write_data_blocked,
      [VERDICT_QUEUE_FULL] = advice_write_queue_full,
      [VERDICT_PAUSED] = advice_write_paused,
      [VERDICT_NOT_READING] = advice_write_not_reading,
      [VERDICT_HUNG_UP] = advice_write_hung_up,
      [VERDICT_NOT_ECHO] = advice_write_not_echo,
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
  advice_note_faults(context, out);
  if (context->examination->facts.is_unix && advice_unix_write(context, out)) return;
  writers[context->examination->verdict](context, out);
  if (context->has_two_servers)
    advice_step(out, "name the address that is meant, not localhost: 127.0.0.1:%u or [::1]:%u", port_of(context),
                port_of(context));
}
