/* A server that could not start because its port is taken, as it told somebody else: who has the port now. Pure. */
#include <stdio.h>
#include <string.h>

#include "client/explain/about.h"
#include "common/explain/error_words.h"
#include "common/explain/explain_text.h"
#include "common/explain/holders.h"
#include "common/text/safe_text.h"

/* Does this socket keep a server from listening? An accepted connection on the port does not. */
static bool is_in_the_way(const struct port_socket *socket) {
  return socket->state == SOCKET_STATE_LISTEN || socket->state == SOCKET_STATE_BOUND;
}

void explain_about_taken(const struct about_taken *about, const struct about_machine *machine,
                         struct explanation *out) {
  char host[4 * ADDRESS_HOST_SIZE], address[ADDRESS_TEXT_SIZE], words[128], port[8];
  struct explain_holders holders = {.count = 0};
  const struct port_report *report = about->sockets;
  const char *transport = transport_name(about->transport);
  safe_text_copy(about->host, strlen(about->host), host, sizeof host);
  snprintf(port, sizeof port, "%u", about->port);
  explain_begin(out, about->code, NULL);
  explain_happened(out, "a server cannot listen on %.255s%sport %s (%s): %s (%s).", host, host[0] != '\0' ? " " : "",
                   port, transport, explain_code_summary(about->code, words, sizeof words), out->code);
  for (size_t i = 0; report != NULL && i < report->socket_count; i++)
    if (is_in_the_way(&report->sockets[i])) holders.sockets[holders.count++] = &report->sockets[i];
  if (report == NULL || !report->known)
    explain_cause(out, "Who has the port now could not be found out.");
  else if (holders.count == 0)
    explain_cause(out, "Nobody has it now: what had it has gone since, and the server can be started again.");
  for (size_t i = 0; i < holders.count; i++) {
    explain_line(out, "Now %s %s.", holders.sockets[i]->state == SOCKET_STATE_LISTEN ? "a server has" : "a socket has",
                 address_format(&holders.sockets[i]->local, address));
    explain_who_holds(out, holders.sockets[i], machine->now, machine->own_user_id);
  }
  if (holders.count > 0) explain_how_to_stop(out, &holders, machine->own_user_id);
  if (holders.count > 0) explain_step(out, "or give the new server another port");
  explain_step(out, "see all that has it: loping ports %s", port);
}
