/* 127.0.0.1:62893 and the like: the questions that are asked of such a place, each answered with what is true here and
 * now. Pure. */
#include <stdio.h>

#include "client/explain/about.h"
#include "common/explain/explain_text.h"
#include "common/explain/holders.h"
#include "common/net/port_kind.h"

static const struct port_socket *holder(const struct port_report *report) {
  for (size_t i = 0; report != NULL && i < report->socket_count; i++)
    if (report->sockets[i].state == SOCKET_STATE_LISTEN) return &report->sockets[i];
  return NULL;
}

static void tell_why_this_port(uint16_t port, struct explanation *out) {
  if (port_kind_iana(port) == PORT_IANA_DYNAMIC)
    explain_line(out,
                 "Why this port: nobody has registered it, so whoever started the server picked it, or the system did "
                 "when it was asked for any free one (port 0).");
  else
    explain_line(out,
                 "Why this port: IANA has a list of who wants which, and programs keep to it or do not: see below.");
}

static void tell_who_uses_it(const struct about_place *about, const struct about_machine *machine,
                             struct explanation *out) {
  const struct port_socket *socket = holder(about->sockets);
  if (socket != NULL) {
    explain_line(out, "Who uses it now: a server listens.");
    explain_who_holds(out, socket, machine->now, machine->own_user_id);
  } else if (about->sockets == NULL || !about->sockets->known) {
    explain_line(out, "Who uses it now: that could not be found out.");
  } else {
    explain_line(out, "Who uses it now: nobody listens there.");
  }
}

void explain_about_place(const struct about_place *about, const struct about_machine *machine,
                         struct explanation *out) {
  char address[ADDRESS_TEXT_SIZE], port[8];
  uint16_t number = address_port(&about->address);
  snprintf(port, sizeof port, "%u", number);
  explain_begin(out, 0, "place");
  explain_happened(out, "port %s of this very machine, which no other machine reaches.", port);
  explain_cause(out, "%s is its loopback address, %s the number of one of its %s ports.",
                address_format_host(&about->address, address), port, port_kind_iana_name(port_kind_iana(number)));
  explain_line(
      out,
      "What it is used for: a server for this machine alone, such as a web site, an API or a database while it is "
      "developed, or a helper of another program.");
  tell_why_this_port(number, out);
  tell_who_uses_it(about, machine, out);
  explain_line(
      out,
      "Is it safe: from other machines, yes. Every user of this machine can connect, and a page in a browser can "
      "send requests to it: loping explain is-localhost-safe");
  explain_line(
      out,
      "If a program says that it is in use: one server at a time can have %s. Stop the other, or give the new one "
      "another port. Windows ends it in Task Manager under Details, macOS in Activity Monitor, by the number of its "
      "process.",
      address_format(&about->address, address));
  explain_step(out, "see who has it, and how to stop that: loping ports %s", port);
  explain_step(out, "on Windows: netstat -ano | findstr :%s", port);
  explain_step(out, "on macOS: lsof -nP -iTCP:%s -sTCP:LISTEN", port);
}
