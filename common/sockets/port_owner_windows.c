/* Who has a port, on Windows: the socket tables name the process. Facts only: it must not judge which of them is in the
 * way. */
#include "common/sockets/port_owner.h"

#include "common/memory/memory.h"
#include "common/sockets/process_windows.h"
#include "common/sockets/socket_table_windows.h"

struct search {
  struct port_report *report;
  const struct sockaddr_storage *wanted;
  uint16_t port;
};

static void on_row(const struct socket_row *row, void *visitor) {
  const struct search *search = visitor;
  if (address_port(&row->local) == search->port) port_report_keep(search->report, row, search->wanted);
}

int port_owner_find(enum transport transport, uint16_t port, const struct sockaddr_storage *wanted,
                    struct port_report **report) {
  *report = memory_take_zeroed(1, sizeof **report);
  if (*report == NULL) return UV_ENOMEM;
  struct search search = {.report = *report, .wanted = wanted, .port = port};
  int code = socket_table_walk(transport, on_row, &search);
  (*report)->known = code == 0;
  port_report_sort(*report, wanted);
  int holders_code = process_find_holders((*report)->sockets, (*report)->socket_count);
  return code != 0 ? code : holders_code;
}

/* Windows lists named pipes without who made them. */
int port_owner_find_unix(const char *path, struct port_report **report) {
  (void)path;
  *report = memory_take_zeroed(1, sizeof **report);
  return *report == NULL ? UV_ENOMEM : 0;
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
