/* The socket tables where nobody wrote that system's own file yet: nothing is known. */
#include <string.h>

#include "client/sockets/sock_table.h"

int sock_table_find_local(enum transport transport, uint16_t port, struct sock_table *table) {
  (void)transport;
  (void)port;
  memset(table, 0, sizeof *table);
  return UV_ENOTSUP;
}

int sock_table_find_pair(enum transport transport, const struct sockaddr_storage *local,
                         const struct sockaddr_storage *remote, struct sock_table *table) {
  (void)local;
  return sock_table_find_remote(transport, remote, table);
}

int sock_table_find_remote(enum transport transport, const struct sockaddr_storage *remote, struct sock_table *table) {
  (void)transport;
  (void)remote;
  memset(table, 0, sizeof *table);
  return UV_ENOTSUP;
}
