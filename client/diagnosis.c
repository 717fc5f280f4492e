/* Gathering the facts about a failure, after it happened. Prints nothing. */
#include "client/diagnosis.h"

static bool is_worth_a_look(const struct client_failure *failure) {
  return failure->step != CLIENT_STEP_RESOLVE;
}

void diagnosis_explain(struct client_failure *failure, struct explanation *explanation, struct port_report **sockets) {
  const struct sockaddr_storage *address = &failure->target.address;
  *sockets = NULL;
  machine_port_settings(&failure->ports);
  failure->ipv6_off = machine_ipv6_off();
  failure->own_user_id = machine_user_id();
  /* Without the look-up the explanation is only poorer, so its failure is not one of ours. */
  if (is_worth_a_look(failure) && failure->target.transport == TRANSPORT_UNIX)
    (void)port_owner_find_unix(failure->target.path, sockets);
  else if (is_worth_a_look(failure) && address_is_loopback(address))
    (void)port_owner_find(failure->target.transport, address_port(address), address, sockets);
  failure->sockets = *sockets;
  explain_client_failure(failure, explanation);
}
