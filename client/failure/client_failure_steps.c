/* What the explanations of client failures have in common: the target, its server, and the steps to try. Pure. */
#include <stdio.h>
#include <string.h>

#include "client/failure/client_failure_rows.h"
#include "common/text/safe_text.h"

#define COMMAND_BYTES 160

uint16_t client_target_port(const struct client_failure *failure) {
  return address_port(&failure->target.address);
}

bool client_is_udp(const struct client_failure *failure) {
  return failure->target.transport == TRANSPORT_UDP;
}

bool client_is_unix(const struct client_failure *failure) {
  return failure->target.transport == TRANSPORT_UNIX;
}

/* This machine's sockets say nothing on a target that is elsewhere. */
bool client_has_sockets(const struct client_failure *failure) {
  return failure->sockets != NULL && failure->sockets->known &&
         (client_is_unix(failure) || address_is_loopback(&failure->target.address) ||
          address_is_any(&failure->target.address));
}

const char *client_target_name(const struct client_failure *failure, char out[EXPLAIN_NAME_SIZE * 4]) {
  return explain_endpoint(&failure->target, out);
}

/* The command that starts a server for this very target. */
static const char *server_command(const struct client_failure *failure, char out[COMMAND_BYTES]) {
  char host[ADDRESS_TEXT_SIZE];
  if (client_is_unix(failure)) {
    char path[COMMAND_BYTES - 16];
    safe_text_copy(failure->target.path, strlen(failure->target.path), path, sizeof path);
    snprintf(out, COMMAND_BYTES, "lopong --unix %s", path);
    return out;
  }
  address_format_host(&failure->target.address, host);
  if (strcmp(host, ADDRESS_DEFAULT_HOST) == 0)
    snprintf(out, COMMAND_BYTES, "lopong --port %u", client_target_port(failure));
  else
    snprintf(out, COMMAND_BYTES, "lopong --bind %s --port %u", host, client_target_port(failure));
  return out;
}

void client_suggest_server(const struct client_failure *failure, struct explanation *out) {
  char command[COMMAND_BYTES];
  explain_step(out, "start a server in another terminal: %s", server_command(failure, command));
}

void client_suggest_look(const struct client_failure *failure, const struct explain_holders *holders,
                         struct explanation *out) {
  const struct machine_words *words = machine_words();
  char name[ADDRESS_PATH_SIZE * 4];
  if (client_is_unix(failure))
    safe_text_copy(failure->target.path, strlen(failure->target.path), name, sizeof name);
  else
    snprintf(name, sizeof name, "%u", client_target_port(failure));
  const char *show = client_is_unix(failure)  ? words->show_unix_holder
                     : client_is_udp(failure) ? words->show_udp_holder
                                              : words->show_tcp_holder;
  explain_how_to_see(out, holders, show, name, failure->own_user_id);
}

void client_suggest_firewall(const struct client_failure *failure, struct explanation *out) {
  const struct machine_words *words = machine_words();
  /* As root it also names the very rule. */
  if (!client_is_unix(failure))
    explain_step(out, "find out what blocks it: %sloping check %s%u", words->become_admin,
                 client_is_udp(failure) ? "--udp " : "", client_target_port(failure));
  if (words->show_firewall[0] != '\0')
    explain_step(out, "see the firewall's rules: %s%s", words->become_admin, words->show_firewall);
}

/* "A socket listens on 127.0.0.1:62893." and who has it. */
void client_describe_server(const struct client_failure *failure, const struct explain_holders *holders,
                            struct explanation *out) {
  char local[ADDRESS_TEXT_SIZE], name[EXPLAIN_NAME_SIZE * 4];
  const struct port_socket *first = holders->sockets[0];
  if (client_is_unix(failure))
    explain_cause(out, "A server listens on %s.", client_target_name(failure, name));
  else
    explain_cause(out, "A server %s %s.", client_is_udp(failure) ? "has" : "listens on",
                  address_format(&first->local, local));
  explain_who_holds(out, first, 0, failure->own_user_id);
}

const char *client_waited(const struct client_failure *failure, char out[UNITS_TEXT_SIZE]) {
  if (failure->timeout_ns == 0) return "the time allowed";
  return units_format_duration((double)failure->timeout_ns, out);
}

const char *client_round_trips(const struct client_failure *failure, char out[EXPLAIN_NAME_SIZE]) {
  char count[UNITS_TEXT_SIZE];
  snprintf(out, EXPLAIN_NAME_SIZE, "%s round trip%s", units_format_count(failure->measured, count),
           failure->measured == 1 ? "" : "s");
  return out;
}
