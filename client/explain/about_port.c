/* A port number in sentences: what the number says, what this machine does with it, and who has it now. Pure. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/explain/about.h"
#include "client/explain/known_ports.h"
#include "common/explain/explain_text.h"
#include "common/explain/holders.h"
#include "common/net/port_kind.h"
#include "common/text/safe_text.h"

/* So many holders are described; the others are counted. */
#define HOLDERS_DESCRIBED 3

static const char *const range_meanings[] = {
    [PORT_IANA_SYSTEM] = "IANA gives these to services that every machine may have, such as 22 for ssh.",
    [PORT_IANA_USER] = "IANA registers these for programs that ask for one; anybody may use them.",
    [PORT_IANA_DYNAMIC] = "IANA registers nothing here: free for private use, and for connections that need any port.",
};

static void tell_names(const struct about_port *about, struct explanation *out) {
  const char *list = machine_words()->services_list;
  char tcp[MACHINE_SERVICE_NAME_SIZE], udp[MACHINE_SERVICE_NAME_SIZE];
  safe_text_copy(about->names[TRANSPORT_TCP], strlen(about->names[TRANSPORT_TCP]), tcp, sizeof tcp);
  safe_text_copy(about->names[TRANSPORT_UDP], strlen(about->names[TRANSPORT_UDP]), udp, sizeof udp);
  if (tcp[0] != '\0' && strcmp(tcp, udp) == 0)
    explain_cause(out, "This machine's list of services calls it %s (tcp and udp).", tcp);
  else if (tcp[0] != '\0' && udp[0] != '\0')
    explain_cause(out, "This machine's list of services calls it %s (tcp) and %s (udp).", tcp, udp);
  else if (tcp[0] != '\0' || udp[0] != '\0')
    explain_cause(out, "This machine's list of services calls it %s (%s).", tcp[0] != '\0' ? tcp : udp,
                  tcp[0] != '\0' ? "tcp" : "udp");
  else if (about->has_name[TRANSPORT_TCP] == MACHINE_NO)
    explain_cause(out, "This machine's list of services (%s) has no name for it.", list);
  else
    explain_cause(out, "This machine has no list of services (%s), so no name of it is known.", list);
  if (tcp[0] != '\0' || udp[0] != '\0') explain_cause(out, "A name does not say which program really has the port.");
}

static void tell_use(uint16_t port, struct explanation *out) {
  const char *user = known_port_user(port);
  if (user != NULL) explain_line(out, "Use: the usual port of %s.", user);
  if (known_port_refused_by_browsers(port))
    explain_line(out,
                 "Browsers: they refuse to open port %u, whatever listens there (Chrome says ERR_UNSAFE_PORT). Give "
                 "a web server another.",
                 port);
}

static void tell_lending(const struct about_port *about, const struct about_machine *machine, struct explanation *out) {
  const struct machine_ports *ports = &machine->ports;
  const struct machine_words *words = machine_words();
  if (!ports->known) return;
  explain_line(out, "Lent: this machine lends the ports %u to %u to outgoing connections (%s).", ports->ephemeral_first,
               ports->ephemeral_last, words->ephemeral_setting);
  bool is_reserved = machine->has_reserved == MACHINE_YES && port_kind_in_list(about->port, machine->reserved);
  if (!port_kind_is_lent(about->port, ports))
    explain_cause(out, "%u is not among them, so no outgoing connection takes it unasked.", about->port);
  else if (is_reserved)
    explain_cause(out, "%u lies among them and is kept out by %s, so it is not lent.", about->port,
                  words->reserve_setting);
  else
    explain_cause(out, "%u is among them: an outgoing connection may have it when a server wants it.", about->port);
  if (machine->has_reserved == MACHINE_NO)
    explain_cause(out, "None are reserved (%s is empty).", words->reserve_setting);
  if (machine->has_reserved == MACHINE_YES && !is_reserved)
    explain_cause(out, "Reserved are %.200s (%s).", machine->reserved, words->reserve_setting);
}

static void tell_privilege(const struct about_port *about, const struct about_machine *machine,
                           struct explanation *out) {
  if (!machine->ports.known) return;
  bool is_privileged = port_kind_is_privileged(about->port, &machine->ports);
  explain_line(out, "Privilege: the ports below %" PRIu32 " need one here (%s), so %s may listen on %u.",
               machine->ports.unprivileged_first, machine_words()->unprivileged_setting,
               is_privileged ? "only root, or a program with CAP_NET_BIND_SERVICE," : "every user", about->port);
}

static const char *what_it_does(const struct port_socket *socket) {
  if (socket->transport == TRANSPORT_UDP) return "receives on";
  return socket->state == SOCKET_STATE_LISTEN ? "listens on" : "is bound to, and does not listen on,";
}

static bool takes_port(const struct port_socket *socket) {
  return socket->state == SOCKET_STATE_LISTEN || socket->state == SOCKET_STATE_BOUND;
}

static void tell_holders(enum transport transport, const struct port_report *report,
                         const struct about_machine *machine, struct explanation *out) {
  char address[ADDRESS_TEXT_SIZE];
  const char *title = transport == TRANSPORT_UDP ? "UDP now" : "TCP now";
  size_t takers = 0, others = 0;
  if (report == NULL || !report->known) {
    explain_line(out, "%s: who has it could not be found out.", title);
    return;
  }
  for (size_t i = 0; i < report->socket_count; i++) {
    const struct port_socket *socket = &report->sockets[i];
    if (!takes_port(socket)) {
      others++;
      continue;
    }
    if (++takers > HOLDERS_DESCRIBED) continue;
    address_format(&socket->local, address);
    if (takers == 1)
      explain_line(out, "%s: a socket %s %s.", title, what_it_does(socket), address);
    else
      explain_cause(out, "Another %s %s.", what_it_does(socket), address);
    explain_who_holds(out, socket, machine->now, machine->own_user_id);
  }
  if (takers == 0)
    explain_line(out, "%s: no socket %s it.", title, transport == TRANSPORT_UDP ? "receives on" : "listens on");
  if (takers > HOLDERS_DESCRIBED)
    explain_cause(out, "%zu more %s so.", takers - HOLDERS_DESCRIBED, takers - HOLDERS_DESCRIBED == 1 ? "does" : "do");
  others += report->sockets_left_out;
  if (others > 0)
    explain_cause(out, "%zu connection%s this number as the local port.", others, others == 1 ? " has" : "s have");
}

static void tell_zero(struct explanation *out) {
  explain_happened(out, "no port to connect to: it asks for any free one.");
  explain_cause(out,
                "A server that binds port 0 is given a free port by the system and has to say which one it is; "
                "lopong prints it. Nothing can be sent to port 0 itself.");
  explain_step(out, "let the system pick one: lopong --port 0");
}

void explain_about_port(const struct about_port *about, const struct about_machine *machine, struct explanation *out) {
  enum port_iana_range range = port_kind_iana(about->port);
  explain_begin(out, 0, "port");
  if (about->port == 0) {
    tell_zero(out);
    return;
  }
  explain_happened(out, "a %s port by IANA's ranges (%s).", port_kind_iana_name(range), port_kind_iana_limits(range));
  explain_cause(out, "%s", range_meanings[range]);
  tell_names(about, out);
  tell_use(about->port, out);
  tell_lending(about, machine, out);
  tell_privilege(about, machine, out);
  tell_holders(TRANSPORT_TCP, about->sockets[TRANSPORT_TCP], machine, out);
  tell_holders(TRANSPORT_UDP, about->sockets[TRANSPORT_UDP], machine, out);
  /* On systems where libuv's codes are the system's own numbers. */
  const struct explain_word *word = about->is_bare_number ? explain_word_of_code(-(int)about->port) : NULL;
  if (word != NULL)
    explain_line(out, "A bare number is taken for a port. The error code %u is another thing: loping explain errno %u",
                 about->port, about->port);
  explain_step(out, "see whether it answers: loping check %u", about->port);
  explain_step(out, "see who has it: loping ports %u", about->port);
}
