/* The rows that a probe asks for, on Linux: sock_diag(7) runs the filter. Must not know what they mean for a port. */
#include <string.h>
#include <sys/socket.h>

#include "client/sockets/sock_table.h"
#include "common/sockets/sock_diag_linux.h"

struct search {
  struct sock_table *table;
  const struct sockaddr_storage *local, *remote; /* NULL: any */
};

static bool is_kept_already(const struct sock_table *table, const struct socket_row *row) {
  for (size_t i = 0; i < table->count; i++)
    if (row->inode != 0 && table->rows[i].inode == row->inode) return true;
  return false;
}

static bool is_at(const struct sockaddr_storage *address, const struct sockaddr_storage *wanted) {
  return wanted == NULL || (address_port(address) == address_port(wanted) && address_same_host(address, wanted));
}

static void on_row(const struct socket_row *row, void *visitor) {
  const struct search *search = visitor;
  struct sock_table *table = search->table;
  if (!is_at(&row->remote, search->remote) || !is_at(&row->local, search->local)) return;
  if (is_kept_already(table, row)) return; /* a dump that was repeated */
  if (table->count == SOCK_TABLE_ROWS_MAX)
    table->left_out++;
  else
    table->rows[table->count++] = *row;
}

int sock_table_find_local(enum transport transport, uint16_t port, struct sock_table *table) {
  struct search search = {.table = table};
  memset(table, 0, sizeof *table);
  int code = sock_diag_find_taking(transport, AF_INET, port, on_row, &search);
  int code6 = sock_diag_find_taking(transport, AF_INET6, port, on_row, &search);
  return code != 0 ? code : code6;
}

int sock_table_find_remote(enum transport transport, const struct sockaddr_storage *remote, struct sock_table *table) {
  return sock_table_find_pair(transport, NULL, remote, table);
}

int sock_table_find_pair(enum transport transport, const struct sockaddr_storage *local,
                         const struct sockaddr_storage *remote, struct sock_table *table) {
  struct search search = {.table = table, .local = local, .remote = remote};
  memset(table, 0, sizeof *table);
  int code = sock_diag_find_remote(transport, AF_INET, address_port(remote), on_row, &search);
  int code6 = sock_diag_find_remote(transport, AF_INET6, address_port(remote), on_row, &search);
  return code != 0 ? code : code6;
}
