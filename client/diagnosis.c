/* Gathering the facts about a failure, after it happened. Prints nothing. */
#include "client/diagnosis.h"

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

static bool has_lost_holder(const struct port_report *report) {
  for (size_t i = 0; report != NULL && i < report->socket_count; i++)
    if (report->sockets[i].state == SOCKET_STATE_LISTEN && report->sockets[i].owner == SOCKET_OWNER_OUTSIDE)
      return true;
  return false;
}

/* A process that ends closes its sockets one by one: its listener may stand for a moment after the connection is gone,
 * and seems to belong to nobody. */
static void look_again_while_ending(const struct client_failure *failure, struct port_report **sockets) {
  for (int i = 0; i < ENDING_TRIES && failure->finding == CLIENT_FINDING_HUNG_UP && has_lost_holder(*sockets); i++) {
    uv_sleep(ENDING_WAIT_MS);
    port_report_free(*sockets);
    *sockets = NULL;
    look_up(failure, sockets);
  }
}

void diagnosis_explain(struct client_failure *failure, struct explanation *explanation, struct port_report **sockets) {
  *sockets = NULL;
  machine_port_settings(&failure->ports);
  failure->ipv6_off = machine_ipv6_off();
  failure->own_user_id = machine_user_id();
  failure->descriptor_limit = machine_descriptor_limit();
  /* Without the look-up the explanation is only poorer, so its failure is not one of ours. */
  if (is_worth_a_look(failure)) look_up(failure, sockets);
  look_again_while_ending(failure, sockets);
  failure->sockets = *sockets;
  explain_client_failure(failure, explanation);
}
