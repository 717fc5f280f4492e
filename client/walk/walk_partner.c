/* By the owner of the port; without one, by the port alone. */
#include "client/walk/walk_partner.h"

#include <string.h>

#include "common/text/safe_text.h"

static const struct port_socket *find_listener(const struct port_report *report,
                                               const struct sockaddr_storage *address) {
  for (size_t i = 0; report != NULL && i < report->socket_count; i++) {
    const struct port_socket *socket = &report->sockets[i];
    if (socket->state != SOCKET_STATE_LISTEN) continue;
    if (address_overlaps(&socket->local, socket->dual_stack, address, false)) return socket;
  }
  return NULL;
}

static void describe(const struct port_socket *socket, struct walk_partner *partner) {
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

void walk_partner_find(const struct sockaddr_storage *addresses, size_t count, struct walk_partner *partner) {
  struct port_report *report = NULL;
  const struct port_socket *socket = NULL;
  memset(partner, 0, sizeof *partner);
  partner->question = QUESTION_NONE;
  partner->address = addresses[0];
  (void)port_owner_find(TRANSPORT_TCP, address_port(&addresses[0]), &addresses[0], &report);
  for (size_t i = 0; i < count && socket == NULL; i++) {
    socket = find_listener(report, &addresses[i]);
    if (socket != NULL) partner->address = addresses[i];
  }
  if (socket != NULL) describe(socket, partner);
  port_report_free(report);
}

bool walk_partner_echoes(const struct walk_partner *partner) {
  return partner->question == QUESTION_HELLO || partner->question == QUESTION_ECHO;
}
