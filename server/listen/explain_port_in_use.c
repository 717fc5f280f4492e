/*
 * EADDRINUSE on a TCP or UDP port, in words: who has it, in which state, and on which address the two overlap. Pure.
 *
 * The order of the rows is the order in which sockets really stand in the way. A listener comes first, and hides the
 * connections that it accepted: those have its port too, but closing them frees nothing. Next what blocks a bind in any
 * case (bound, borrowed), and last what blocks it only where one of the two sockets lacks SO_REUSEADDR (socket(7)).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/explain/error_words.h"
#include "common/explain/system_words.h"
#include "common/explain/two_servers.h"
#include "common/net/port_kind.h"
#include "server/listen/explain_bind_rows.h"

/* So many sockets of one kind are described; the kill command and the result file have all. */
#define DESCRIBED_MAX 3

static bool is_own(const struct port_socket *socket) {
  return socket->process_count == 1 && socket->processes_left_out == 0 && socket->processes[0].is_self;
}

/* By the plan, since the sockets of a server that could not open all of them are closed by now. */
static bool has_own_overlap(const struct bind_failure *failure) {
  return failure->own_overlap != NULL;
}

bool explain_is_listener(const struct bind_failure *failure, const struct port_socket *socket) {
  (void)failure;
  return socket->state == SOCKET_STATE_LISTEN && !is_own(socket);
}

static bool is_udp_holder(const struct bind_failure *failure, const struct port_socket *socket) {
  (void)failure;
  return socket->transport == TRANSPORT_UDP && !is_own(socket);
}

static bool is_bound(const struct bind_failure *failure, const struct port_socket *socket) {
  (void)failure;
  return socket->state == SOCKET_STATE_BOUND && !is_own(socket);
}

/* Outgoing or accepted? The kernel does not say, so this rule does: there is no listener (its row comes before), the
 * port is one that this machine lends to outgoing connections, and the other end's port is not. A connection that was
 * accepted here has it the other way round: the other end's port was lent. One that is still being opened can only be
 * outgoing, because nobody listens. Where both ports are lendable, the connection is not called outgoing. */
static bool is_outgoing(const struct bind_failure *failure, const struct port_socket *socket) {
  if (socket->remote.ss_family == AF_UNSPEC) return false;
  if (socket->state == SOCKET_STATE_CONNECTING || socket->way == CONNECTION_WAY_OUTGOING) return true;
  return port_kind_is_lent(address_port(&socket->local), &failure->ports) &&
         !port_kind_is_lent(address_port(&socket->remote), &failure->ports);
}

static bool is_time_wait(const struct bind_failure *failure, const struct port_socket *socket) {
  (void)failure;
  return socket->state == SOCKET_STATE_TIME_WAIT;
}

static bool is_leftover(const struct bind_failure *failure, const struct port_socket *socket) {
  return socket->state != SOCKET_STATE_LISTEN && socket->state != SOCKET_STATE_BOUND && !is_time_wait(failure, socket);
}

static bool is_not_told(const struct bind_failure *failure) {
  return failure->sockets == NULL || !failure->sockets->known;
}

void explain_where(const struct bind_failure *failure, const struct port_socket *socket, const char *what,
                   struct explanation *out) {
  const struct sockaddr_storage *wanted = &failure->wanted.address;
  char local[ADDRESS_TEXT_SIZE], local_host[ADDRESS_TEXT_SIZE], wanted_host[ADDRESS_TEXT_SIZE];
  address_format(&socket->local, local);
  address_format_host(&socket->local, local_host);
  address_format_host(wanted, wanted_host);
  bool is_other_family = (socket->local.ss_family == AF_INET6) != (wanted->ss_family == AF_INET6);
  if (address_same_host(&socket->local, wanted))
    explain_cause(out, "%s %s.", what, local);
  else if (address_is_any(&socket->local) && is_other_family && socket->dual_stack)
    explain_cause(out, "%s %s. That socket is dual-stack: it takes IPv4 as well, %s too.", what, local, wanted_host);
  else if (address_is_any(&socket->local))
    explain_cause(out, "%s %s, and %s stands for every %s address of this machine, %s too.", what, local, local_host,
                  socket->local.ss_family == AF_INET6 ? "IPv6" : "IPv4", wanted_host);
  else if (is_other_family)
    explain_cause(out, "%s %s, and %s as a dual-stack address stands for the IPv4 addresses too, %s among them.", what,
                  local, wanted_host, local_host);
  else
    explain_cause(out, "%s %s, and %s stands for every address of this machine, %s among them.", what, local,
                  wanted_host, local_host);
}

void explain_free_port(const struct bind_failure *failure, struct explanation *out) {
  if (failure->free_port != 0) explain_step(out, "lopong --port %u: that port is free now", failure->free_port);
}

static void see_holders(const struct bind_failure *failure, const struct explain_holders *holders, const char *words,
                        struct explanation *out) {
  char port[8];
  snprintf(port, sizeof port, "%u", address_port(&failure->wanted.address));
  explain_how_to_see(out, holders, words, port, failure->own_user_id);
}

/* "127.0.0.1:40000 -> 127.0.0.1:9999 (ESTABLISHED)" */
static const char *describe_connection(const struct port_socket *socket, char out[3 * ADDRESS_TEXT_SIZE]) {
  char local[ADDRESS_TEXT_SIZE], remote[ADDRESS_TEXT_SIZE];
  address_format(&socket->local, local);
  address_format(&socket->remote, remote);
  snprintf(out, 3 * ADDRESS_TEXT_SIZE, "%s -> %s (%s)", local, remote, explain_state_name(socket->state));
  return out;
}

static void describe_each(const struct bind_failure *failure, const struct explain_holders *holders, const char *what,
                          struct explanation *out) {
  for (size_t i = 0; i < holders->count && i < DESCRIBED_MAX; i++) {
    explain_where(failure, holders->sockets[i], what, out);
    explain_who_holds(out, holders->sockets[i], failure->now, failure->own_user_id);
  }
  if (holders->count > DESCRIBED_MAX)
    explain_cause(out, "%zu more socket%s in the same way.", holders->count - DESCRIBED_MAX,
                  holders->count - DESCRIBED_MAX == 1 ? " overlaps" : "s overlap");
}

static void write_own(const struct bind_failure *failure, const struct explain_holders *holders,
                      struct explanation *out) {
  char other[EXPLAIN_NAME_SIZE * 4], wanted[EXPLAIN_NAME_SIZE * 4];
  (void)holders;
  explain_cause(out,
                "This very lopong was also told to listen on %s, and that overlaps %s: one of them includes the other.",
                explain_endpoint(failure->own_overlap, other), explain_endpoint(&failure->wanted, wanted));
  explain_step(out, "leave out one of the two --bind addresses: the wider one is enough");
}

static void suggest_loping(const struct bind_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  const struct sockaddr_storage *wanted = &failure->wanted.address;
  char target[ADDRESS_TEXT_SIZE], wanted_host[ADDRESS_TEXT_SIZE];
  if (!explain_is_program(holders, "lopong")) return;
  bool is_default_host = strcmp(address_format_host(wanted, wanted_host), ADDRESS_DEFAULT_HOST) == 0;
  if (is_default_host || address_is_any(wanted))
    snprintf(target, sizeof target, "%u", address_port(wanted));
  else
    address_format(wanted, target);
  const char *option = failure->wanted.transport == TRANSPORT_UDP ? "--udp " : "";
  explain_cause(out, "A lopong already runs there: `loping %s%s` can use it.", option, target);
  explain_step(out, "use the lopong that runs there: loping %s%s", option, target);
}

static void say_two_servers(const struct bind_failure *failure, struct explanation *out) {
  char text[TWO_SERVERS_TEXT_SIZE];
  struct two_servers two;
  const struct port_report *sockets = failure->sockets;
  if (failure->wanted.transport == TRANSPORT_TCP &&
      two_servers_find(sockets->sockets, sockets->socket_count, address_port(&failure->wanted.address), &two))
    explain_cause(out, "%s", two_servers_write(&two, failure->localhost, text));
}

static void write_listener(const struct bind_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  describe_each(failure, holders, "A socket already listens on", out);
  say_two_servers(failure, out);
  suggest_loping(failure, holders, out);
  explain_free_port(failure, out);
  explain_how_to_stop(out, holders, failure->own_user_id);
  see_holders(failure, holders, machine_words()->show_tcp_holder, out);
}

static void write_udp_holder(const struct bind_failure *failure, const struct explain_holders *holders,
                             struct explanation *out) {
  describe_each(failure, holders, "A UDP socket already has", out);
  suggest_loping(failure, holders, out);
  explain_free_port(failure, out);
  explain_how_to_stop(out, holders, failure->own_user_id);
  see_holders(failure, holders, machine_words()->show_udp_holder, out);
}

static void write_bound(const struct bind_failure *failure, const struct explain_holders *holders,
                        struct explanation *out) {
  const struct port_socket *first = holders->sockets[0];
  describe_each(failure, holders, "A socket that is bound but does not listen has", out);
  explain_cause(out, "The usual tools (ss, netstat, lsof -i) leave such a socket out.");
  explain_free_port(failure, out);
  explain_how_to_stop(out, holders, failure->own_user_id);
  if (first->process_count > 0 && first->inode != 0)
    explain_step(out, "see it yourself: ls -l /proc/%" PRId64 "/fd | grep %" PRIu64, first->processes[0].pid,
                 first->inode);
}

static void write_outgoing(const struct bind_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  const struct port_socket *first = holders->sockets[0];
  const struct machine_ports *ports = &failure->ports;
  char connection[3 * ADDRESS_TEXT_SIZE];
  uint16_t port = address_port(&failure->wanted.address);
  explain_cause(out, "An outgoing connection has borrowed port %u: %s.", port, describe_connection(first, connection));
  if (is_time_wait(failure, first))
    explain_cause(out, "It is closed, and the kernel keeps the port for it for another %" PRIu32 " s.",
                  (first->expires_ms + 999) / 1000);
  explain_who_holds(out, first, failure->now, failure->own_user_id);
  if (ports->known)
    explain_cause(out, "This machine lends the ports %u to %u to outgoing connections (%s).", ports->ephemeral_first,
                  ports->ephemeral_last, machine_words()->ephemeral_setting);
  explain_free_port(failure, out);
  if (ports->known)
    explain_step(out, "for good: pick a port outside %u-%u, which no outgoing connection can borrow",
                 ports->ephemeral_first, ports->ephemeral_last);
  if (machine_words()->reserve_setting[0] != '\0')
    explain_step(out, "or reserve this one as well: %ssysctl -w %s=\"$(sysctl -n %s | sed 's/.$/&,/')%u\"",
                 machine_words()->become_admin, machine_words()->reserve_setting, machine_words()->reserve_setting,
                 port);
  see_holders(failure, holders, machine_words()->show_tcp_sockets, out);
}

static void write_leftover(const struct bind_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  const struct port_socket *first = holders->sockets[0];
  char connection[3 * ADDRESS_TEXT_SIZE];
  explain_cause(out, "Nobody listens on port %u any more, but a connection from there is left: %s.",
                address_port(&failure->wanted.address), describe_connection(first, connection));
  if (holders->count > 1)
    explain_cause(out, "%zu more connection%s left.", holders->count - 1, holders->count == 2 ? " is" : "s are");
  if (first->state == SOCKET_STATE_CLOSE_WAIT)
    explain_cause(out, "CLOSE_WAIT: the other end has closed it, and the holder has not closed its descriptor.");
  explain_who_holds(out, first, failure->now, failure->own_user_id);
  if (first->owner == SOCKET_OWNER_NONE && first->state == SOCKET_STATE_FIN_WAIT)
    explain_cause(out, "It waits for the other end to close too; there is nothing to kill on this side.");
  explain_free_port(failure, out);
  explain_how_to_stop(out, holders, failure->own_user_id);
  see_holders(failure, holders, machine_words()->show_tcp_sockets, out);
}

static void write_time_wait(const struct bind_failure *failure, const struct explain_holders *holders,
                            struct explanation *out) {
  uint32_t longest_ms = 0;
  char connection[3 * ADDRESS_TEXT_SIZE];
  for (size_t i = 0; i < holders->count; i++)
    if (holders->sockets[i]->expires_ms > longest_ms) longest_ms = holders->sockets[i]->expires_ms;
  explain_cause(out, "A connection that is closed already still has the port: %s.",
                describe_connection(holders->sockets[0], connection));
  if (holders->count > 1)
    explain_cause(out, "%zu more %s in the same state.", holders->count - 1, holders->count == 2 ? "is" : "are");
  explain_cause(out, "No process has it any more, so there is nothing to kill: the kernel lets go by itself");
  size_t used = strlen(out->likely_cause);
  if (longest_ms > 0)
    snprintf(out->likely_cause + used, sizeof out->likely_cause - used, " in %" PRIu32 " s.",
             (longest_ms + 999) / 1000);
  else
    snprintf(out->likely_cause + used, sizeof out->likely_cause - used, ", at the latest after a minute.");
  if (longest_ms > 0) explain_step(out, "wait %" PRIu32 " s and start again", (longest_ms + 999) / 1000);
  explain_free_port(failure, out);
  see_holders(failure, holders, machine_words()->show_tcp_sockets, out);
}

/* It is no socket of this system. */
static void say_other_side(const struct bind_failure *failure, struct explanation *out) {
  char port[8], command[EXPLAIN_COMMAND_SIZE];
  if (system_words()->other_side[0] == '\0') return;
  snprintf(port, sizeof port, "%u", address_port(&failure->wanted.address));
  explain_cause(out, "%s", system_words()->other_side);
  explain_step(out, "see it there: %s", explain_command(system_words()->show_other, port, command));
}

static void write_not_told(const struct bind_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  bool is_udp = failure->wanted.transport == TRANSPORT_UDP;
  (void)holders;
  char code[32], words[128], untold[EXPLAIN_UNTOLD_SIZE];
  const char *show = is_udp ? machine_words()->show_udp_holder : machine_words()->show_tcp_holder;
  explain_code_name(failure->sockets_code, code);
  if (failure->sockets_code != 0)
    explain_cause(out, "Another socket has the port; lopong could not find out whose it is: %s (%s).",
                  explain_code_summary(failure->sockets_code, words, sizeof words), code);
  else
    explain_cause(out, "Another socket has the port. %s.",
                  explain_untold("lopong", show, address_port(&failure->wanted.address), untold));
  explain_free_port(failure, out);
  if (failure->sockets_code != 0) see_holders(failure, NULL, show, out);
  say_other_side(failure, out);
}

static void write_gone(const struct bind_failure *failure, const struct explain_holders *holders,
                       struct explanation *out) {
  bool is_udp = failure->wanted.transport == TRANSPORT_UDP;
  (void)holders;
  explain_cause(out, "The port was in use a moment ago, but when lopong looked, no socket of this machine had it.");
  explain_step(out, "start again: the port looks free now");
  explain_free_port(failure, out);
  see_holders(failure, NULL, is_udp ? machine_words()->show_udp_holder : machine_words()->show_tcp_sockets, out);
  say_other_side(failure, out);
}

static const struct explain_bind_row rows[] = {
    {{UV_EADDRINUSE}, has_own_overlap, NULL, "its own addresses overlap", write_own},
    {{UV_EADDRINUSE}, NULL, explain_is_listener, NULL, write_listener},
    {{UV_EADDRINUSE}, NULL, is_udp_holder, NULL, write_udp_holder},
    {{UV_EADDRINUSE}, NULL, is_bound, NULL, write_bound},
    {{UV_EADDRINUSE}, NULL, is_outgoing, NULL, write_outgoing},
    {{UV_EADDRINUSE}, NULL, is_leftover, NULL, write_leftover},
    {{UV_EADDRINUSE}, NULL, is_time_wait, NULL, write_time_wait},
    {{UV_EADDRINUSE}, is_not_told, NULL, NULL, write_not_told},
    {{UV_EADDRINUSE}, NULL, NULL, NULL, write_gone},
};

const struct explain_bind_table explain_port_in_use = {rows, sizeof rows / sizeof rows[0]};
