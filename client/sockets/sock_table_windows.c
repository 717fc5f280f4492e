/* The rows that a probe asks for, on Windows. Must not know what they mean for a port. */
#include "client/sockets/sock_table.h"

#include <string.h>

#include "common/sockets/socket_table_windows.h"

struct search {
  struct sock_table *table;
  uint16_t port;
};

static void on_row(const struct socket_row *row, void *visitor) {
  const struct search *search = visitor;
  struct sock_table *table = search->table;
  bool is_taking = row->state == SOCKET_STATE_LISTEN || row->state == SOCKET_STATE_BOUND;
  if (!is_taking || address_port(&row->local) != search->port) return;
  if (table->count == SOCK_TABLE_ROWS_MAX)
    table->left_out++;
  else
    table->rows[table->count++] = *row;
}

int sock_table_find_local(enum transport transport, uint16_t port, struct sock_table *table) {
  struct search search = {.table = table, .port = port};
  memset(table, 0, sizeof *table);
  return socket_table_walk(transport, on_row, &search);
}

/* Windows' table names the listener's process for a connection that nobody has accepted yet, and does not tell what
 * waits in it: the server's half would say nothing. */
int sock_table_find_remote(enum transport transport, const struct sockaddr_storage *remote, struct sock_table *table) {
  (void)transport;
  (void)remote;
  memset(table, 0, sizeof *table);
  return UV_ENOTSUP;
}

int sock_table_find_pair(enum transport transport, const struct sockaddr_storage *local,
                         const struct sockaddr_storage *remote, struct sock_table *table) {
  (void)local;
  return sock_table_find_remote(transport, remote, table);
}
