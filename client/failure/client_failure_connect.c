/*
 * A connection that could not be had, in words. A refusal is not "nobody listens": where the tables show a listener on
 * that very address, something in between has answered, and that is a firewall. Pure.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/failure/client_failure_rows.h"
#include "common/text/safe_text.h"

void client_write_self_connect(const struct client_failure *failure, const struct explain_holders *holders,
                               struct explanation *out) {
  (void)holders;
  const struct machine_ports *ports = &failure->ports;
  explain_cause(out, "Nobody listens on port %u.", client_target_port(failure));
  if (ports->known)
    explain_cause(out, "This machine lends the ports %u to %u to outgoing connections (%s),", ports->ephemeral_first,
                  ports->ephemeral_last, machine_words()->ephemeral_setting);
  explain_cause(out, "%s lent %u to this very connection, which then met itself: what came back is what loping sent.",
                ports->known ? "and it" : "The system", client_target_port(failure));
  client_suggest_server(failure, out);
  if (ports->known)
    explain_step(out, "for good: use a port outside %u-%u", ports->ephemeral_first, ports->ephemeral_last);
}

void client_write_full_queue(const struct client_failure *failure, const struct explain_holders *holders,
                             struct explanation *out) {
  const struct port_socket *first = holders->sockets[0];
  client_describe_server(failure, holders, out);
  explain_cause(out,
                "It accepts nobody: %" PRIu32 " connections wait in its queue for %" PRIu32
                ", and the kernel drops those that come on top.",
                first->queued, first->queue_limit);
  explain_step(out, "look at what the server does: it has to call accept()");
  explain_how_to_stop(out, holders, failure->own_user_id);
  client_suggest_look(failure, holders, out);
}

void client_write_firewall_refuses(const struct client_failure *failure, const struct explain_holders *holders,
                                   struct explanation *out) {
  char local[ADDRESS_TEXT_SIZE];
  client_describe_server(failure, holders, out);
  explain_cause(out, "It runs, so the refusal does not come from it: a firewall on this machine answers for %s.",
                address_format(&holders->sockets[0]->local, local));
  client_suggest_firewall(failure, out);
  client_suggest_look(failure, holders, out);
}

void client_write_elsewhere(const struct client_failure *failure, const struct explain_holders *holders,
                            struct explanation *out) {
  char host[ADDRESS_TEXT_SIZE], others[4 * ADDRESS_TEXT_SIZE] = "", one[ADDRESS_TEXT_SIZE];
  size_t used = 0;
  for (size_t i = 0; i < holders->count && i < 3; i++)
    used += (size_t)snprintf(others + used, sizeof others - used, "%s%s", i > 0 ? " and " : "",
                             address_format(&holders->sockets[i]->local, one));
  address_format_host(&failure->target.address, host);
  explain_cause(out, "A server is listening on port %u, but only on %s, not on %s.", client_target_port(failure),
                others, host);
  explain_who_holds(out, holders->sockets[0], 0, failure->own_user_id);
  explain_step(out, "use the server's address: loping %s%s", client_is_udp(failure) ? "--udp " : "",
               address_format(&holders->sockets[0]->local, one));
  client_suggest_server(failure, out);
}

void client_write_only_bound(const struct client_failure *failure, const struct explain_holders *holders,
                             struct explanation *out) {
  char local[ADDRESS_TEXT_SIZE];
  explain_cause(out, "Nobody listens there: a socket has %s, but listen() was not called on it.",
                address_format(&holders->sockets[0]->local, local));
  explain_who_holds(out, holders->sockets[0], 0, failure->own_user_id);
  explain_step(out, "wait until that program listens, or look at why it does not");
}

void client_write_nobody(const struct client_failure *failure, const struct explain_holders *holders,
                         struct explanation *out) {
  char name[EXPLAIN_NAME_SIZE * 4];
  if (client_has_sockets(failure))
    explain_cause(out, "Nobody %s %s. Is a server running?", client_is_udp(failure) ? "receives on" : "listens on",
                  client_target_name(failure, name));
  else
    explain_cause(out, "Nothing accepts connections on %s. Is a server running there?",
                  client_target_name(failure, name));
  client_suggest_server(failure, out);
  client_suggest_look(failure, holders, out);
}

void client_write_timeout_nobody(const struct client_failure *failure, const struct explain_holders *holders,
                                 struct explanation *out) {
  char wait[UNITS_TEXT_SIZE];
  (void)holders;
  explain_cause(out,
                "No answer came within %s. A port where nobody listens refuses at once, so the packets are silently "
                "discarded on the way: a firewall rule does that.",
                client_waited(failure, wait));
  if (client_has_sockets(failure))
    explain_cause(out, "Besides, nobody listens on port %u.", client_target_port(failure));
  client_suggest_firewall(failure, out);
  if (client_has_sockets(failure)) client_suggest_server(failure, out);
}

void client_write_timeout_server(const struct client_failure *failure, const struct explain_holders *holders,
                                 struct explanation *out) {
  char wait[UNITS_TEXT_SIZE];
  client_describe_server(failure, holders, out);
  explain_cause(out,
                "It has room for connections, but no answer came within %s: the packets are silently discarded on "
                "the way, which a firewall rule does.",
                client_waited(failure, wait));
  client_suggest_firewall(failure, out);
}

void client_write_loopback_down(const struct client_failure *failure, const struct explain_holders *holders,
                                struct explanation *out) {
  char host[ADDRESS_TEXT_SIZE];
  (void)holders;
  address_format_host(&failure->target.address, host);
  explain_cause(out, "Packets to %s travel over the loopback interface, and no such interface is up: they go nowhere.",
                host);
  explain_step(out, "bring it up: %sip link set lo up", machine_words()->become_admin);
}

void client_write_ipv6_off(const struct client_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  (void)holders;
  explain_cause(out, "IPv6 is switched off on this machine: %s is 1.", machine_words()->ipv6_setting);
  explain_step(out, "use IPv4: loping 127.0.0.1:%u", client_target_port(failure));
  explain_step(out, "or switch IPv6 on: %ssysctl -w %s=0", machine_words()->become_admin,
               machine_words()->ipv6_setting);
}

void client_write_no_client_port(const struct client_failure *failure, const struct explain_holders *holders,
                                 struct explanation *out) {
  const struct machine_ports *ports = &failure->ports;
  char name[EXPLAIN_NAME_SIZE * 4];
  (void)holders;
  if (ports->known)
    explain_cause(
        out, "Each connection to %s needs a port of its own, and this machine lends only the %d ports %u to %u (%s).",
        client_target_name(failure, name), ports->ephemeral_last - ports->ephemeral_first + 1, ports->ephemeral_first,
        ports->ephemeral_last, machine_words()->ephemeral_setting);
  explain_cause(out, "All are taken; a closed connection keeps its port for a minute more (TIME_WAIT).");
  explain_step(out, "wait a minute, and use fewer connections");
  explain_step(out, "count them: ss -tan 'dport = :%u' | wc -l", client_target_port(failure));
  if (ports->known)
    explain_step(out, "or lend more ports: %ssysctl -w %s='15000 %u'", machine_words()->become_admin,
                 machine_words()->ephemeral_setting, ports->ephemeral_last);
}

void client_write_descriptors(const struct client_failure *failure, const struct explain_holders *holders,
                              struct explanation *out) {
  (void)holders;
  if (failure->descriptor_limit > 0)
    explain_cause(out, "Each connection needs a file descriptor, and loping may have at most %" PRIu64 " descriptors.",
                  failure->descriptor_limit);
  else
    explain_cause(out, "Each connection needs a file descriptor, and loping has as many as it may.");
  explain_step(out, "use fewer connections: --connections");
  explain_step(out, "or raise the limit in the shell that starts loping: ulimit -n 65536");
}

void client_write_unknown_host(const struct client_failure *failure, const struct explain_holders *holders,
                               struct explanation *out) {
  char host[ADDRESS_HOST_SIZE];
  (void)holders;
  safe_text_copy(failure->host, strlen(failure->host), host, sizeof host);
  explain_cause(out, "The name \"%s\" could not be turned into an address.", host);
  explain_step(out, "check the spelling, or give the address: loping 127.0.0.1:%u",
               client_target_port(failure) != 0 ? client_target_port(failure) : ADDRESS_DEFAULT_PORT);
  explain_step(out, "see it yourself: getent ahosts %s", host);
}

void client_write_no_unix_socket(const struct client_failure *failure, const struct explain_holders *holders,
                                 struct explanation *out) {
  char name[EXPLAIN_NAME_SIZE * 4];
  (void)holders;
  explain_cause(out, "There is no socket at %s. Is a server running?", client_target_name(failure, name));
  client_suggest_server(failure, out);
}

void client_write_stale_unix_socket(const struct client_failure *failure, const struct explain_holders *holders,
                                    struct explanation *out) {
  char name[EXPLAIN_NAME_SIZE * 4];
  (void)holders;
  explain_cause(out, "The file of %s exists, but nobody listens on it: the program that made it has ended.",
                client_target_name(failure, name));
  client_suggest_server(failure, out);
}

void client_write_forbidden_unix_socket(const struct client_failure *failure, const struct explain_holders *holders,
                                        struct explanation *out) {
  char path[ADDRESS_PATH_SIZE * 4];
  (void)holders;
  safe_text_copy(failure->target.path, strlen(failure->target.path), path, sizeof path);
  explain_cause(out, "User id %" PRId64 " may not write to the socket %s, or may not enter its folder.",
                failure->own_user_id, path);
  explain_step(out, "see its owner and mode: ls -l %.280s", path);
}

void client_write_forbidden(const struct client_failure *failure, const struct explain_holders *holders,
                            struct explanation *out) {
  char name[EXPLAIN_NAME_SIZE * 4];
  (void)holders;
  explain_cause(out, "A rule of this machine forbids packets to %s: the system refused before any server was asked.",
                client_target_name(failure, name));
  client_suggest_firewall(failure, out);
  explain_step(out, "see the routing rules: ip rule; ip route get %.100s", failure->host);
}

void client_write_unreachable(const struct client_failure *failure, const struct explain_holders *holders,
                              struct explanation *out) {
  char host[ADDRESS_TEXT_SIZE];
  (void)holders;
  address_format_host(&failure->target.address, host);
  explain_cause(out, "There is no way to %s from here: the system found no route, or something on it refused.", host);
  explain_step(out, "see the route: ip route get %s", host);
  if (address_is_loopback(&failure->target.address))
    explain_step(out, "if the loopback interface is down: %sip link set lo up", machine_words()->become_admin);
}
