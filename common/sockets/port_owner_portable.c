/*
 * Who has a port, where nobody wrote that system's own file yet: nothing is known, and the report says so. Copy it to
 * port_owner_SYSTEM.c to begin one.
 */
#include "common/memory/memory.h"

#include "common/sockets/port_owner.h"

static int report_nothing(struct port_report **report) {
  *report = memory_take_zeroed(1, sizeof **report);
  return *report == NULL ? UV_ENOMEM : 0;
}

int port_owner_find(enum transport transport, uint16_t port, const struct sockaddr_storage *wanted,
                    struct port_report **report) {
  (void)transport;
  (void)port;
  (void)wanted;
  return report_nothing(report);
}

int port_owner_find_unix(const char *path, struct port_report **report) {
  (void)path;
  return report_nothing(report);
}

void port_socket_find_kernel(struct port_socket *socket) {
  (void)socket;
}

void port_socket_find_origins(struct port_socket *socket, struct process_origin *origins, size_t *count, size_t most) {
  (void)socket;
  (void)origins;
  (void)count;
  (void)most;
}
