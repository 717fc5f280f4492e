/*
 * Gathering the facts of a bind that failed: who has the port, which port is free, what this machine's settings are.
 *
 * Only what the error code calls for is looked up, so that the answer comes at once. Makes no sentences.
 */
#include "server/listen/failure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/explain/two_servers.h"
#include "common/machine/machine.h"
#include "common/sockets/port_owner.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "server/listen/listeners.h"
#include "server/listen/unix_path.h"
#include "server/threads/worker.h"

#define FREE_PORT_ATTEMPTS 64

/* A look-up that failed leaves a report that says so, or none: then the explanation does without. */
static int find_sockets(const struct endpoint *wanted, struct port_report **report) {
  if (wanted->transport == TRANSPORT_UNIX) return port_owner_find_unix(wanted->path, report);
  return port_owner_find(wanted->transport, address_port(&wanted->address), &wanted->address, report);
}

/* Opens the same addresses on other numbers for a moment, since only a bind tells for sure. 0: none was found. */
static uint16_t find_free_port(struct listeners *listeners, uint16_t after) {
  struct plan wanted = *listeners->plan;
  uint16_t found = 0;
  size_t failed_row;
  for (size_t row = 0; row < listeners->plan->count; row++)
    if (listeners->plan->rows[row].endpoint.transport == TRANSPORT_UNIX) listeners->plan->rows[row].is_left_out = true;
  for (uint32_t i = 1; i <= FREE_PORT_ATTEMPTS && found == 0; i++) {
    /* Past the last number, those below are tried. */
    uint32_t port = after + i <= UINT16_MAX ? after + i : (uint32_t)after - (after + i - UINT16_MAX);
    plan_set_port(listeners->plan, (uint16_t)port);
    if (listeners_open(listeners, &failed_row) == 0) found = (uint16_t)port;
    listeners_close(listeners);
  }
  *listeners->plan = wanted;
  return found;
}

/* Another address of the plan that takes the row's port from it, such as 0.0.0.0 beside 127.0.0.1. */
static const struct endpoint *find_own_overlap(const struct plan *plan, const struct plan_row *row) {
  for (size_t i = 0; i < plan->count; i++) {
    const struct plan_row *other = &plan->rows[i];
    if (other == row || other->is_left_out || row->endpoint.transport == TRANSPORT_UNIX ||
        other->endpoint.transport != row->endpoint.transport)
      continue;
    if (address_overlaps(&other->endpoint.address, other->is_dual_stack, &row->endpoint.address, row->is_dual_stack))
      return &other->endpoint;
  }
  return NULL;
}

static void look_for_free_port(struct listeners *listeners, struct bind_failure *failure) {
  /* Addresses that overlap each other do so on every port. */
  if (failure->wanted.transport == TRANSPORT_UNIX || failure->own_overlap != NULL) return;
  if (failure->code == UV_EADDRINUSE)
    failure->free_port = find_free_port(listeners, address_port(&failure->wanted.address));
  if (failure->code == UV_EACCES) failure->free_port = find_free_port(listeners, ADDRESS_DEFAULT_PORT - 1);
}

void failure_announce(struct listeners *listeners, size_t failed_row, int code, enum unix_path_state state) {
  const struct plan_row *row = &listeners->plan->rows[failed_row];
  struct port_report *sockets = NULL;
  struct own_addresses own;
  struct explanation explanation;
  struct bind_failure failure = {
      .code = code,
      .wanted = row->endpoint,
      .wanted_dual_stack = row->is_dual_stack,
      .ipv6_off = machine_ipv6_off(),
      .confined = machine_is_confined(),
      .descriptor_limit = machine_descriptor_limit(),
      .path_state = state,
      .now = clock_calendar_seconds(),
      .own_user_id = machine_user_id(),
  };
  if (row->endpoint.transport == TRANSPORT_UNIX)
    failure.code = unix_path_judge_failure(row->endpoint.path, code, &failure.path_state);
  machine_port_settings(&failure.ports);
  own_addresses_gather(&own);
  failure.own_addresses = &own;
  failure.own_overlap = find_own_overlap(listeners->plan, row);
  /* A privileged port can be in use as well: both is said at once. */
  if (failure.code == UV_EADDRINUSE || failure.code == UV_EACCES)
    failure.sockets_code = find_sockets(&failure.wanted, &sockets);
  failure.sockets = sockets;
  struct two_servers two;
  uint16_t port = failure.wanted.transport == TRANSPORT_TCP ? address_port(&failure.wanted.address) : 0;
  if (sockets != NULL && port != 0 && two_servers_find(sockets->sockets, sockets->socket_count, port, &two))
    failure.localhost = localhost_find_order();
  look_for_free_port(listeners, &failure);
  explain_bind_failure(&failure, &explanation);
  listeners->worker->announcer->bind_failed(listeners->worker->outbox, &failure.wanted, failure.sockets, &explanation);
  port_report_free(sockets);
}

static const struct port_socket *find_overlap(const struct port_report *report, const struct plan_row *row) {
  for (size_t i = 0; report != NULL && i < report->socket_count; i++)
    if (port_socket_overlaps(&report->sockets[i], &row->endpoint.address, row->is_dual_stack))
      return &report->sockets[i];
  return NULL;
}

const char *failure_name_holder(const struct plan_row *row, uint16_t port, char out[FAILURE_HOLDER_SIZE]) {
  char command[64];
  struct plan_row wanted = *row;
  address_set_port(&wanted.endpoint.address, port);
  struct port_report *report = NULL;
  (void)find_sockets(&wanted.endpoint, &report);
  const struct port_socket *socket = find_overlap(report, &wanted);
  if (socket != NULL && socket->process_count > 0) {
    const struct port_process *process = &socket->processes[0];
    safe_text_copy(process->command, strlen(process->command), command, sizeof command);
    snprintf(out, FAILURE_HOLDER_SIZE, "pid %" PRId64 " (%s)", process->pid, command);
  } else if (socket != NULL && socket->owner == SOCKET_OWNER_HIDDEN) {
    snprintf(out, FAILURE_HOLDER_SIZE, "a process of user %s", socket->user);
  } else {
    snprintf(out, FAILURE_HOLDER_SIZE, "another socket");
  }
  port_report_free(report);
  return out;
}
