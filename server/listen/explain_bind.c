/*
 * Why a socket could not be bound, in words: tables whose rows are tried from the top. A row names the error codes and
 * what the facts must say; its writer makes the sentences. Pure: the facts were gathered before (port_owner, machine),
 * and a fact that is not known is not talked about.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/explain/error_words.h"
#include "common/explain/system_words.h"
#include "common/net/port_kind.h"
#include "server/listen/explain_bind_rows.h"

#define ADDRESS_LIST_BYTES 512
/* RFC 6335, section 6: the system ports end below it. */
#define FIRST_ORDINARY_PORT 1024

static uint16_t wanted_port(const struct bind_failure *failure) {
  return address_port(&failure->wanted.address);
}

static bool is_privileged(const struct bind_failure *failure) {
  return port_kind_is_privileged(wanted_port(failure), &failure->ports);
}

static bool is_confined(const struct bind_failure *failure) {
  return failure->confined == MACHINE_YES;
}

static bool is_ipv6_off(const struct bind_failure *failure) {
  return failure->wanted.address.ss_family == AF_INET6 && failure->ipv6_off == MACHINE_YES;
}

static bool is_ipv6(const struct bind_failure *failure) {
  return failure->wanted.address.ss_family == AF_INET6;
}

/* A step that is true whatever the number, for failures that another port would avoid. */
static void another_port(const struct bind_failure *failure, struct explanation *out) {
  if (failure->free_port != 0)
    explain_free_port(failure, out);
  else
    explain_step(out, "use a port from %" PRIu32 " on: lopong --port %d", failure->ports.unprivileged_first,
                 ADDRESS_DEFAULT_PORT);
}

static void write_privileged(const struct bind_failure *failure, const struct explain_holders *holders,
                             struct explanation *out) {
  (void)holders;
  const struct machine_words *words = machine_words();
  char user[EXPLAIN_USER_SIZE];
  explain_cause(out, "Port %u is privileged: on this machine the ports below %" PRIu32 " are (%s is %" PRIu32 "), and",
                wanted_port(failure), failure->ports.unprivileged_first, words->unprivileged_setting,
                failure->ports.unprivileged_first);
  explain_cause(out, "%s does not have that privilege (CAP_NET_BIND_SERVICE).",
                explain_user(failure->own_user_id, user));
  another_port(failure, out);
  explain_step(out, "or run it as root: %slopong --port %u", words->become_admin, wanted_port(failure));
}

/* Whoever gets the privilege would meet EADDRINUSE next: say both at once. */
static void write_privileged_and_held(const struct bind_failure *failure, const struct explain_holders *holders,
                                      struct explanation *out) {
  write_privileged(failure, holders, out);
  explain_cause(out, "The privilege alone would not help, because the port is also in use.");
  explain_where(failure, holders->sockets[0], "A socket already listens on", out);
  explain_who_holds(out, holders->sockets[0], failure->now, failure->own_user_id);
}

static void write_confined(const struct bind_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  (void)holders;
  if (failure->ports.known)
    explain_cause(out, "The kernel's own rule allows this port: only those below %" PRIu32 " are privileged here.",
                  failure->ports.unprivileged_first);
  explain_cause(out,
                "But this process is confined (Seccomp or NoNewPrivs in /proc/self/status is not 0), and its sandbox "
                "refuses.");
  explain_step(out, "run lopong outside the sandbox, or allow it there to bind port %u", wanted_port(failure));
  explain_step(out, "see it yourself: grep -E 'Seccomp|NoNewPrivs' /proc/self/status");
}

/* Where a refusal means that, and no privilege would help. */
static bool is_withheld(const struct bind_failure *failure) {
  (void)failure;
  return system_words()->withheld[0] != '\0';
}

static bool is_other_holder(const struct bind_failure *failure, const struct port_socket *socket) {
  (void)failure;
  bool takes = socket->state == SOCKET_STATE_LISTEN || socket->state == SOCKET_STATE_BOUND;
  return takes && (socket->process_count == 0 || !socket->processes[0].is_self);
}

static void write_held_alone(const struct bind_failure *failure, const struct explain_holders *holders,
                             struct explanation *out) {
  const struct port_socket *socket = holders->sockets[0];
  explain_where(failure, socket,
                socket->transport == TRANSPORT_UDP ? "A UDP socket already has" : "A socket already listens on", out);
  explain_cause(out, "%s", system_words()->held_alone);
  explain_who_holds(out, socket, failure->now, failure->own_user_id);
  explain_free_port(failure, out);
  explain_how_to_stop(out, holders, failure->own_user_id);
}

static void write_withheld(const struct bind_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  const struct system_words *words = system_words();
  const char *transport = transport_name(failure->wanted.transport), *place = strstr(words->show_withheld, "PROTO");
  (void)holders;
  explain_cause(out, "%s", words->withheld);
  explain_free_port(failure, out);
  if (place != NULL)
    explain_step(out, "see the ranges: %.*s%s", (int)(place - words->show_withheld), words->show_withheld, transport);
}

static void write_forbidden(const struct bind_failure *failure, const struct explain_holders *holders,
                            struct explanation *out) {
  const struct machine_words *words = machine_words();
  char user[EXPLAIN_USER_SIZE];
  (void)holders;
  if (failure->ports.known) {
    explain_cause(out, "The kernel's own rule allows this port: only those below %" PRIu32 " are privileged here.",
                  failure->ports.unprivileged_first);
    explain_cause(out, "A security policy of this machine (such as SELinux) refuses it to lopong.");
  } else {
    explain_cause(out, "%s refuses it to %s, and does not tell lopong by which rule.", words->system,
                  explain_user(failure->own_user_id, user));
    if (wanted_port(failure) < FIRST_ORDINARY_PORT)
      explain_cause(out, "IANA keeps the ports below %d for the system, and systems may ask for a privilege there.",
                    FIRST_ORDINARY_PORT);
  }
  explain_free_port(failure, out);
  if (words->show_denials[0] != '\0')
    explain_step(out, "look for the refusal in the system's log: %s%s", words->become_admin, words->show_denials);
}

static void write_ipv6_off(const struct bind_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  (void)holders;
  const struct machine_words *words = machine_words();
  if (failure->code == UV_EAFNOSUPPORT)
    explain_cause(out, "IPv6 is switched off on this machine: its kernel has no IPv6.");
  else
    explain_cause(out, "IPv6 is switched off on this machine: %s is 1.", words->ipv6_setting);
  explain_step(out, "use IPv4: lopong --bind 127.0.0.1 --port %u", wanted_port(failure));
  if (failure->code != UV_EAFNOSUPPORT)
    explain_step(out, "or switch IPv6 on: %ssysctl -w %s=0", words->become_admin, words->ipv6_setting);
}

static void write_no_ipv6(const struct bind_failure *failure, const struct explain_holders *holders,
                          struct explanation *out) {
  (void)holders;
  explain_cause(out, "This system has no IPv6.");
  explain_step(out, "use IPv4: lopong --bind 127.0.0.1 --port %u", wanted_port(failure));
}

/* "127.0.0.1, ::1 and 192.168.1.2" */
static void list_addresses(const struct bind_failure *failure, char out[ADDRESS_LIST_BYTES]) {
  const struct own_addresses *own = failure->own_addresses;
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; own != NULL && i < own->count; i++) {
    char host[ADDRESS_TEXT_SIZE];
    const char *separator = i == 0 ? "" : i + 1 == own->count ? " and " : ", ";
    address_format_host(&own->rows[i].address, host);
    if (used + strlen(host) + sizeof " and ... and 1000 more" > ADDRESS_LIST_BYTES) {
      snprintf(out + used, ADDRESS_LIST_BYTES - used, " and %zu more", own->count - i);
      return;
    }
    used += (size_t)snprintf(out + used, ADDRESS_LIST_BYTES - used, "%s%s", separator, host);
  }
}

static void write_not_our_address(const struct bind_failure *failure, const struct explain_holders *holders,
                                  struct explanation *out) {
  char host[ADDRESS_TEXT_SIZE], list[ADDRESS_LIST_BYTES];
  (void)holders;
  address_format_host(&failure->wanted.address, host);
  list_addresses(failure, list);
  explain_cause(out, "No network interface of this machine has the address %s.", host);
  if (failure->own_addresses != NULL && failure->own_addresses->count > 0)
    explain_cause(out, "The addresses of this machine are %s; all of 127.0.0.0/8 works too.", list);
  explain_step(out, "use the loopback address: lopong --bind 127.0.0.1 --port %u", wanted_port(failure));
}

static void write_descriptors(const struct bind_failure *failure, const struct explain_holders *holders,
                              struct explanation *out) {
  (void)holders;
  if (failure->descriptor_limit > 0)
    explain_cause(out, "This process may have %" PRIu64 " files and sockets open at once, and has them all open.",
                  failure->descriptor_limit);
  else
    explain_cause(out, "This process has as many files and sockets open as it may have.");
  explain_step(out, "raise the limit in the shell that starts lopong: ulimit -n %" PRIu64,
               failure->descriptor_limit * 4 > 1024 ? failure->descriptor_limit * 4 : 1024);
  explain_step(out, "see it yourself: ulimit -n");
}

static void write_machine_descriptors(const struct bind_failure *failure, const struct explain_holders *holders,
                                      struct explanation *out) {
  (void)failure;
  (void)holders;
  explain_cause(out, "The whole machine has as many files open as its kernel allows.");
  explain_step(out, "see it yourself: cat /proc/sys/fs/file-nr (open, unused, the most)");
}

static void write_other(const struct bind_failure *failure, const struct explain_holders *holders,
                        struct explanation *out) {
  char endpoint[EXPLAIN_NAME_SIZE * 4];
  (void)holders;
  explain_cause(out, "The system refused bind() or listen() on %s, and gave no other reason.",
                explain_endpoint(&failure->wanted, endpoint));
  explain_free_port(failure, out);
}

static const struct explain_bind_row other_rows[] = {
    {{UV_EACCES}, is_privileged, explain_is_listener, NULL, write_privileged_and_held},
    {{UV_EACCES}, is_privileged, NULL, NULL, write_privileged},
    {{UV_EACCES}, is_withheld, is_other_holder, "it is not allowed", write_held_alone},
    {{UV_EACCES}, is_withheld, NULL, "Windows withholds the port", write_withheld},
    {{UV_EACCES, UV_EPERM}, is_confined, NULL, NULL, write_confined},
    {{UV_EACCES, UV_EPERM}, NULL, NULL, NULL, write_forbidden},
    {{UV_EADDRNOTAVAIL, UV_EAFNOSUPPORT}, is_ipv6_off, NULL, "IPv6 is switched off", write_ipv6_off},
    {{UV_EAFNOSUPPORT}, is_ipv6, NULL, "there is no IPv6", write_no_ipv6},
    {{UV_EADDRNOTAVAIL}, NULL, NULL, "this machine does not have that address", write_not_our_address},
};

static const struct explain_bind_row limit_rows[] = {
    {{UV_EMFILE}, NULL, NULL, NULL, write_descriptors},
    {{UV_ENFILE}, NULL, NULL, NULL, write_machine_descriptors},
};

static const struct explain_bind_row last_row = {{0}, NULL, NULL, NULL, write_other};

static const struct explain_bind_table limits = {limit_rows, sizeof limit_rows / sizeof limit_rows[0]};
static const struct explain_bind_table others = {other_rows, sizeof other_rows / sizeof other_rows[0]};
static const struct explain_bind_table last = {&last_row, 1};

/* Collects the sockets that stand in the way and are such as the row asks for. */
static void find_holders(const struct explain_bind_row *row, const struct bind_failure *failure,
                         struct explain_holders *holders) {
  holders->count = 0;
  for (size_t i = 0; failure->sockets != NULL && i < failure->sockets->socket_count; i++) {
    const struct port_socket *socket = &failure->sockets->sockets[i];
    bool is_in_the_way = failure->wanted.transport == TRANSPORT_UNIX ||
                         port_socket_overlaps(socket, &failure->wanted.address, failure->wanted_dual_stack);
    if (is_in_the_way && row->is_holder(failure, socket)) holders->sockets[holders->count++] = socket;
  }
}

static bool row_fits(const struct explain_bind_row *row, const struct bind_failure *failure,
                     struct explain_holders *holders) {
  bool is_any_code = row->codes[0] == 0;
  holders->count = 0;
  if (!is_any_code && row->codes[0] != failure->code && row->codes[1] != failure->code) return false;
  if (row->applies != NULL && !row->applies(failure)) return false;
  if (row->is_holder == NULL) return true;
  find_holders(row, failure, holders);
  return holders->count > 0;
}

static bool explain_by_table(const struct explain_bind_table *table, const struct bind_failure *failure,
                             struct explanation *out) {
  for (size_t i = 0; i < table->row_count; i++) {
    struct explain_holders holders;
    const struct explain_bind_row *row = &table->rows[i];
    char endpoint[EXPLAIN_NAME_SIZE * 4], code[32], system_words[128];
    if (!row_fits(row, failure, &holders)) continue;
    explain_code_name(failure->code, code);
    const char *happened = row->happened;
    if (happened == NULL) happened = explain_code_summary(failure->code, system_words, sizeof system_words);
    explain_happened(out, "cannot listen on %.400s: %.64s (%s).", explain_endpoint(&failure->wanted, endpoint),
                     happened, code);
    row->write(failure, &holders, out);
    explain_note_holders(out, failure->sockets, &holders);
    return true;
  }
  return false;
}

void explain_bind_failure(const struct bind_failure *failure, struct explanation *out) {
  static const struct explain_bind_table *const for_unix[] = {&limits, &explain_unix_path, &last};
  static const struct explain_bind_table *const for_ip[] = {&limits, &explain_port_in_use, &others, &last};
  bool is_unix = failure->wanted.transport == TRANSPORT_UNIX;
  const struct explain_bind_table *const *tables = is_unix ? for_unix : for_ip;
  explain_begin(out, failure->code, NULL);
  while (!explain_by_table(*tables, failure, out))
    tables++; /* the last row takes everything */
}
