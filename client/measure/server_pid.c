/* By the look-up that names a port's holder; see server_pid.h. */
#include "client/measure/server_pid.h"

#include "common/sockets/port_owner.h"

static const struct port_socket *server_socket(const struct port_report *report, const struct endpoint *target) {
  for (size_t i = 0; report != NULL && i < report->socket_count; i++) {
    const struct port_socket *socket = &report->sockets[i];
    bool is_open = socket->state == SOCKET_STATE_LISTEN ||
                   (target->transport == TRANSPORT_UDP && socket->state == SOCKET_STATE_BOUND);
    bool is_here = target->transport == TRANSPORT_UNIX || port_socket_overlaps(socket, &target->address, false);
    if (is_open && is_here) return socket;
  }
  return NULL;
}

uint32_t server_pid_of(const struct endpoint *target) {
  struct port_report *report = NULL;
  bool is_unix = target->transport == TRANSPORT_UNIX;
  if (!is_unix && !address_is_loopback(&target->address)) return 0;
  /* Without memory, nothing is known. */
  if (is_unix)
    (void)port_owner_find_unix(target->path, &report);
  else
    (void)port_owner_find(target->transport, address_port(&target->address), &target->address, &report);
  const struct port_socket *socket = server_socket(report, target);
  uint32_t pid = socket != NULL && socket->process_count == 1 ? (uint32_t)socket->processes[0].pid : 0;
  port_report_free(report);
  return pid;
}
