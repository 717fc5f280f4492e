/* Gathering the facts about a failure, after it happened. Prints nothing. */
#include "client/failure/diagnosis.h"
#include "client/failure/client_failure_rows.h"

#include <uv.h>

#define ENDING_TRIES   10
#define ENDING_WAIT_MS 10

static bool is_worth_a_look(const struct client_failure *failure) {
  return failure->step != CLIENT_STEP_RESOLVE;
}

static void look_up(const struct client_failure *failure, struct port_report **sockets) {
  const struct sockaddr_storage *address = &failure->target.address;
  if (failure->target.transport == TRANSPORT_UNIX)
    (void)port_owner_find_unix(failure->target.path, sockets);
  else if (address_is_loopback(address))
    (void)port_owner_find(failure->target.transport, address_port(address), address, sockets);
}

/* A listener whose process is not to be seen: hidden, or just ending. */
static bool has_unseen_listener(const struct port_report *report) {
  for (size_t i = 0; report != NULL && i < report->socket_count; i++) {
    const struct port_socket *socket = &report->sockets[i];
    bool is_unseen = socket->owner == SOCKET_OWNER_OUTSIDE || socket->owner == SOCKET_OWNER_HIDDEN;
    if (socket->state == SOCKET_STATE_LISTEN && is_unseen) return true;
  }
  return false;
}

/* A process that ends closes its sockets one by one: its listener may stand for a moment after the connection is gone,
 * and seems to belong to nobody. */
static void look_again_while_ending(const struct client_failure *failure, struct port_report **sockets) {
  for (int i = 0; i < ENDING_TRIES && failure->finding == CLIENT_FINDING_HUNG_UP && has_unseen_listener(*sockets);
       i++) {
    uv_sleep(ENDING_WAIT_MS);
    port_report_free(*sockets);
    *sockets = NULL;
    look_up(failure, sockets);
  }
}

/* libuv lists the interfaces that are up and running. */
static bool is_loopback_down(void) {
  uv_interface_address_t *interfaces;
  int count;
  bool is_down = true;
  if (uv_interface_addresses(&interfaces, &count) != 0) return false;
  for (int i = 0; i < count; i++)
    if (interfaces[i].is_internal) is_down = false;
  uv_free_interface_addresses(interfaces, count);
  return is_down;
}

void diagnosis_explain(struct client_failure *failure, struct explanation *explanation, struct port_report **sockets) {
  *sockets = NULL;
  machine_port_settings(&failure->ports);
  failure->ipv6_off = machine_ipv6_off();
  failure->own_user_id = machine_user_id();
  failure->descriptor_limit = machine_descriptor_limit();
  failure->is_loopback_down = is_loopback_down();
  /* Without the look-up the explanation is only poorer, so its failure is not one of ours. */
  if (is_worth_a_look(failure)) look_up(failure, sockets);
  look_again_while_ending(failure, sockets);
  failure->sockets = *sockets;
  explain_client_failure(failure, explanation);
}
