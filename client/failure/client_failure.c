/*
 * Why the client failed, in words: one table, whose rows are tried from the top. What is known of the sockets on the
 * target's port decides what a refusal or a silence means. Pure: the facts were gathered before.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/failure/client_failure_rows.h"
#include "common/explain/error_words.h"
#include "common/text/safe_text.h"

enum holder_need { NEEDS_NONE, TAKES_ANY, NEEDS_ONE };

/* One kind of failure. A row fits when its code is the failure's, `applies` says yes, and, if it needs holders, at
 * least one socket on the target's port is such. */
struct client_row {
  int codes[3]; /* UV_ codes; all 0: any */
  bool (*applies)(const struct client_failure *failure);
  enum holder_need need;
  bool (*is_holder)(const struct client_failure *failure, const struct port_socket *socket);
  const char *happened; /* ends the first sentence: "connection refused"; NULL: the words of the code itself */
  client_writer *write;
};

static bool reaches_target(const struct client_failure *failure, const struct port_socket *socket) {
  return client_is_unix(failure) || port_socket_overlaps(socket, &failure->target.address, false);
}

static bool takes_requests(const struct port_socket *socket) {
  return socket->transport == TRANSPORT_UDP ? socket->state == SOCKET_STATE_BOUND
                                            : socket->state == SOCKET_STATE_LISTEN;
}

static bool is_server(const struct client_failure *failure, const struct port_socket *socket) {
  return takes_requests(socket) && reaches_target(failure, socket);
}

static bool is_stopped_server(const struct client_failure *failure, const struct port_socket *socket) {
  if (!is_server(failure, socket) || socket->process_count == 0) return false;
  for (size_t i = 0; i < socket->process_count; i++)
    if (!socket->processes[i].is_stopped) return false;
  return true;
}

/* The kernel takes one connection more than the limit (sk_acceptq_is_full()). */
static bool is_full_server(const struct client_failure *failure, const struct port_socket *socket) {
  return is_server(failure, socket) && socket->queue_limit > 0 && socket->queued > socket->queue_limit;
}

static bool is_queueing_server(const struct client_failure *failure, const struct port_socket *socket) {
  return is_server(failure, socket) && socket->queued > 0;
}

static bool is_elsewhere(const struct client_failure *failure, const struct port_socket *socket) {
  return takes_requests(socket) && !reaches_target(failure, socket);
}

static bool is_only_bound(const struct client_failure *failure, const struct port_socket *socket) {
  return socket->transport == TRANSPORT_TCP && socket->state == SOCKET_STATE_BOUND && reaches_target(failure, socket);
}

static bool is_self_connect(const struct client_failure *failure) {
  return failure->finding == CLIENT_FINDING_SELF_CONNECT;
}

static bool is_not_echo(const struct client_failure *failure) {
  return failure->finding == CLIENT_FINDING_NOT_ECHO;
}

static bool is_plain_echo(const struct client_failure *failure) {
  return failure->finding == CLIENT_FINDING_PLAIN_ECHO;
}

static bool tells_no_kernel_times(const struct client_failure *failure) {
  return failure->finding == CLIENT_FINDING_NO_KERNEL_TIMES;
}

static bool is_silent(const struct client_failure *failure) {
  return failure->finding == CLIENT_FINDING_SILENT;
}

static bool is_hung_up(const struct client_failure *failure) {
  return failure->finding == CLIENT_FINDING_HUNG_UP;
}

static bool is_name_look_up(const struct client_failure *failure) {
  return failure->step == CLIENT_STEP_RESOLVE;
}

static bool is_ipv6_off(const struct client_failure *failure) {
  return failure->target.address.ss_family == AF_INET6 && failure->ipv6_off == MACHINE_YES;
}

static bool is_loopback_down(const struct client_failure *failure) {
  return failure->is_loopback_down && failure->target.transport != TRANSPORT_UNIX &&
         address_is_loopback(&failure->target.address);
}

static bool is_measured(const struct client_failure *failure) {
  return failure->measured > 0;
}

static const struct client_row rows[] = {
    {{0}, is_name_look_up, NEEDS_NONE, NULL, "the name is not known", client_write_unknown_host},
    {{0}, is_self_connect, NEEDS_NONE, NULL, "the connection reached itself", client_write_self_connect},
    {{0}, is_not_echo, TAKES_ANY, is_server, "the server there is no echo server", client_write_not_echo},
    {{0}, is_plain_echo, TAKES_ANY, is_server, "the server there is a plain echo server", client_write_plain_echo},
    {{0},
     tells_no_kernel_times,
     TAKES_ANY,
     is_server,
     "the server there tells no kernel times",
     client_write_no_kernel_times},
    {{UV_ETIMEDOUT}, is_loopback_down, NEEDS_NONE, NULL, "the loopback interface is down", client_write_loopback_down},
    {{0}, is_silent, NEEDS_ONE, is_stopped_server, "the server does not answer", client_write_stopped},
    {{0}, is_silent, NEEDS_ONE, is_queueing_server, "the server does not answer", client_write_silent_queue},
    {{0}, is_silent, TAKES_ANY, is_server, "no answer", client_write_silent},
    {{0}, is_hung_up, TAKES_ANY, is_server, "the server closed the connection", client_write_hung_up},
    {{UV_ECONNRESET, UV_EPIPE, UV_EOF}, NULL, TAKES_ANY, is_server, "the connection was reset", client_write_hung_up},
    {{UV_ENOENT}, client_is_unix, NEEDS_NONE, NULL, "there is no such socket", client_write_no_unix_socket},
    {{UV_ECONNREFUSED}, client_is_unix, NEEDS_NONE, NULL, NULL, client_write_stale_unix_socket},
    {{UV_EACCES, UV_EPERM}, client_is_unix, NEEDS_NONE, NULL, NULL, client_write_forbidden_unix_socket},
    {{UV_ETIMEDOUT}, NULL, NEEDS_ONE, is_stopped_server, NULL, client_write_stopped},
    {{UV_ETIMEDOUT}, is_measured, TAKES_ANY, is_server, NULL, client_write_timeout_measured},
    {{UV_ETIMEDOUT}, NULL, NEEDS_ONE, is_full_server, NULL, client_write_full_queue},
    {{UV_ETIMEDOUT}, NULL, NEEDS_ONE, is_server, NULL, client_write_timeout_server},
    {{UV_ETIMEDOUT}, NULL, NEEDS_NONE, NULL, NULL, client_write_timeout_nobody},
    {{UV_ECONNREFUSED}, NULL, NEEDS_ONE, is_server, NULL, client_write_firewall_refuses},
    {{UV_ECONNREFUSED}, NULL, NEEDS_ONE, is_elsewhere, NULL, client_write_elsewhere},
    {{UV_ECONNREFUSED}, NULL, NEEDS_ONE, is_only_bound, NULL, client_write_only_bound},
    {{UV_ECONNREFUSED}, NULL, NEEDS_NONE, NULL, NULL, client_write_nobody},
    {{UV_EADDRNOTAVAIL, UV_EAFNOSUPPORT}, is_ipv6_off, NEEDS_NONE, NULL, "IPv6 is switched off", client_write_ipv6_off},
    {{UV_EADDRNOTAVAIL}, NULL, NEEDS_NONE, NULL, "no client port is left", client_write_no_client_port},
    {{UV_EMFILE}, NULL, NEEDS_NONE, NULL, "out of file descriptors", client_write_descriptors},
    {{UV_EACCES, UV_EPERM}, NULL, NEEDS_NONE, NULL, NULL, client_write_forbidden},
    {{UV_EHOSTUNREACH, UV_ENETUNREACH}, NULL, NEEDS_NONE, NULL, "it cannot be reached", client_write_unreachable},
    {{0}, NULL, TAKES_ANY, is_server, NULL, client_write_other},
};

static bool row_fits(const struct client_row *row, const struct client_failure *failure,
                     struct explain_holders *holders) {
  bool is_code = row->codes[0] == 0;
  for (size_t i = 0; i < 3; i++)
    if (row->codes[i] != 0 && row->codes[i] == failure->code) is_code = true;
  holders->count = 0;
  if (!is_code || (row->applies != NULL && !row->applies(failure))) return false;
  if (row->need == NEEDS_NONE) return true;
  for (size_t i = 0; client_has_sockets(failure) && i < failure->sockets->socket_count; i++)
    if (row->is_holder(failure, &failure->sockets->sockets[i]))
      holders->sockets[holders->count++] = &failure->sockets->sockets[i];
  return row->need == TAKES_ANY || holders->count > 0;
}

/* What is no error code gets a name of its own. */
static const char *finding_name(const struct client_failure *failure) {
  static const char *const names[] = {
      [CLIENT_FINDING_SELF_CONNECT] = "SELF_CONNECT", [CLIENT_FINDING_NOT_ECHO] = "NOT_ECHO",
      [CLIENT_FINDING_PLAIN_ECHO] = "PLAIN_ECHO",     [CLIENT_FINDING_SILENT] = "NO_ANSWER",
      [CLIENT_FINDING_HUNG_UP] = "HUNG_UP",           [CLIENT_FINDING_NO_KERNEL_TIMES] = "NO_KERNEL_TIMES",
  };
  bool code_says_more = failure->code != 0 && failure->code != UV_EOF && failure->finding != CLIENT_FINDING_NOT_ECHO &&
                        failure->finding != CLIENT_FINDING_SELF_CONNECT;
  return code_says_more ? NULL : names[failure->finding];
}

static void write_happened(const struct client_failure *failure, const char *happened, struct explanation *out) {
  char name[EXPLAIN_NAME_SIZE * 4], host[ADDRESS_HOST_SIZE], system_words[128], count[EXPLAIN_NAME_SIZE];
  if (happened == NULL) happened = explain_code_summary(failure->code, system_words, sizeof system_words);
  client_target_name(failure, name);
  safe_text_copy(failure->host, strlen(failure->host), host, sizeof host);
  client_round_trips(failure, count);
  if (failure->step == CLIENT_STEP_RESOLVE)
    explain_happened(out, "cannot look up \"%.255s\": %s (%s).", host, happened, out->code);
  else if (failure->measured > 0)
    explain_happened(out, "lost %.400s after %s: %.64s (%s).", name, count, happened, out->code);
  else if (failure->step == CLIENT_STEP_CONNECT)
    explain_happened(out, "cannot connect to %.400s: %.64s (%s).", name, happened, out->code);
  else
    explain_happened(out, "cannot measure %.400s: %.64s (%s).", name, happened, out->code);
}

void explain_client_failure(const struct client_failure *failure, struct explanation *out) {
  struct explain_holders holders;
  size_t i = 0;
  explain_begin(out, failure->code, finding_name(failure));
  while (!row_fits(&rows[i], failure, &holders))
    i++; /* the last row takes everything */
  write_happened(failure, rows[i].happened, out);
  rows[i].write(failure, &holders, out);
  explain_note_holders(out, failure->sockets, &holders);
}
