/* Of a name with several addresses the first on which somebody listens is taken. */
#include "client/ladder/partners.h"

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

static const struct port_socket *find_listener(const struct port_report *report,
                                               const struct sockaddr_storage *address) {
  for (size_t i = 0; report != NULL && i < report->socket_count; i++) {
    const struct port_socket *socket = &report->sockets[i];
    if (socket->state != SOCKET_STATE_LISTEN) continue;
    if (address_overlaps(&socket->local, socket->dual_stack, address, false)) return socket;
  }
  return NULL;
}

static void describe(const struct port_socket *socket, struct partner *partner) {
  const struct port_process *process = socket->process_count > 0 ? &socket->processes[0] : NULL;
  const struct question_clues clues = {.port = address_port(&partner->address),
                                       .command = process != NULL ? process->command : "",
                                       .command_line = process != NULL ? process->command_line : ""};
  partner->is_listening = true;
  partner->question = question_choose(&clues).question;
  if (process == NULL) return;
  safe_text_copy(process->command, strlen(process->command), partner->name, sizeof partner->name);
  partner->pid = process->pid;
}

static void choose(const struct sockaddr_storage *addresses, size_t count, uint16_t port, struct partner *partner) {
  struct port_report *report = NULL;
  const struct port_socket *socket = NULL;
  partner->address = addresses[0];
  address_set_port(&partner->address, port);
  (void)port_owner_find(TRANSPORT_TCP, port, &partner->address, &report);
  for (size_t i = 0; i < count && socket == NULL; i++) {
    struct sockaddr_storage address = addresses[i];
    address_set_port(&address, port);
    socket = find_listener(report, &address);
    if (socket != NULL) partner->address = address;
  }
  if (socket != NULL) describe(socket, partner);
  port_report_free(report);
}

int partner_find(const char *typed, uint16_t default_port, struct partner *partner, char *problem) {
  struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
  struct target target = {.has_host = false};
  size_t count = 0;
  memset(partner, 0, sizeof *partner);
  partner->question = QUESTION_NONE;
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
  choose(addresses, count, port, partner);
  return EXIT_FINE;
}
