/* What has packets of a connection, and on this machine. */
#include "client/ladder/ladder_target.h"

#include <stdio.h>
#include <string.h>

#include "client/check/local_host.h"
#include "client/target/target.h"
#include "common/options/exit_status.h"
#include "common/text/safe_text.h"

static int read_target(const char *typed, struct target *target, char *problem) {
  char what[TARGET_PROBLEM_SIZE], shown[256];
  enum target_status status = target_parse(typed, target);
  safe_text_copy(typed, strlen(typed), shown, sizeof shown);
  if (status != TARGET_OK)
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "'%s' %s", shown, target_problem(status, typed, what));
  else if (target->is_unix)
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "'%s' is a unix socket, which has no packets: name a port", shown);
  else if (target->has_transport && target->transport == TRANSPORT_UDP)
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "'%s' names UDP, which has no connection and so no ladder: leave out /udp",
             shown);
  else if (target->is_list)
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "'%s' names more than one port: a ladder is of one connection", shown);
  else
    return EXIT_FINE;
  return EXIT_WRONG_USAGE;
}

int ladder_target_find(const char *typed, uint16_t default_port, struct walk_partner *partner, char *problem) {
  struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
  struct target target = {.has_host = false};
  size_t count = 0;
  if (typed != NULL) {
    int status = read_target(typed, &target, problem);
    if (status != EXIT_FINE) return status;
  }
  uint16_t port = typed == NULL || !target.has_port ? default_port : target.port;
  int status =
      local_host_find(target.has_host ? target.host : ADDRESS_DEFAULT_HOST, "ladder", addresses, &count, problem);
  if (status != EXIT_FINE) return status;
  if (port == 0) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "nothing can be sent to port 0: name the port that the server listens on");
    return EXIT_WRONG_USAGE;
  }
  for (size_t i = 0; i < count; i++)
    address_set_port(&addresses[i], port);
  walk_partner_find(addresses, count, partner);
  return EXIT_FINE;
}
