/*
 * Every listener of this machine, on Linux: each table once, by sock_diag(7) or from /proc/net, and then one walk over
 * the processes. Facts only: who can be reached from where is for others to judge.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "client/sockets/port_list.h"
#include "client/sockets/socket_rows.h"
#include "common/machine/proc_file_linux.h"
#include "common/sockets/port_owner.h"
#include "common/sockets/proc_text.h"
#include "common/sockets/process_linux.h"
#include "common/sockets/sock_diag_linux.h"

struct gathering {
  struct socket_rows rows;
  int code;
};

static bool is_listed(const struct socket_row *row) {
  if (row->transport == TRANSPORT_UDP) return row->state == SOCKET_STATE_BOUND && address_port(&row->local) != 0;
  return row->state == SOCKET_STATE_LISTEN || (row->state == SOCKET_STATE_BOUND && address_port(&row->local) != 0);
}

static void on_row(const struct socket_row *row, void *visitor) {
  struct gathering *gathering = visitor;
  if (!is_listed(row)) return;
  int code = socket_rows_keep(&gathering->rows, row);
  if (code != 0) gathering->code = code;
}

struct table {
  struct gathering *gathering;
  enum transport transport;
  long ticks_per_second;
};

static bool on_line(void *owner, const char *line) {
  const struct table *table = owner;
  struct socket_row row;
  if (proc_text_read_inet(line, table->transport, table->ticks_per_second, &row)) on_row(&row, table->gathering);
  return true;
}

static int read_table(const char *file_name, enum transport transport, struct gathering *gathering) {
  struct table table = {gathering, transport, sysconf(_SC_CLK_TCK)};
  return proc_file_each_line(file_name, on_line, &table);
}

static void gather_tables(struct gathering *gathering) {
  static const struct {
    enum transport transport;
    int family;
    const char *file_name;
  } tables[] = {
      {TRANSPORT_TCP, AF_INET, "/proc/net/tcp"},
      {TRANSPORT_TCP, AF_INET6, "/proc/net/tcp6"},
      {TRANSPORT_UDP, AF_INET, "/proc/net/udp"},
      {TRANSPORT_UDP, AF_INET6, "/proc/net/udp6"},
  };
  for (size_t i = 0; i < sizeof tables / sizeof tables[0] && gathering->code == 0; i++) {
    if (sock_diag_list(tables[i].transport, tables[i].family, on_row, gathering) == 0) continue;
    int code = read_table(tables[i].file_name, tables[i].transport, gathering);
    /* No IPv6 in this kernel: no IPv6 socket either. */
    bool is_missing_ipv6 = code == UV_ENOENT && tables[i].family == AF_INET6;
    if (code != 0 && !is_missing_ipv6) gathering->code = code;
  }
}

int port_list_gather(struct port_list *list) {
  struct gathering gathering = {.code = 0};
  *list = (struct port_list){0};
  gather_tables(&gathering);
  socket_rows_settle(&gathering.rows);
  int code = gathering.code;
  size_t count = gathering.rows.count;
  if (code == 0 && count > 0) {
    list->sockets = calloc(count, sizeof *list->sockets);
    if (list->sockets == NULL) code = UV_ENOMEM;
  }
  if (code == 0) {
    for (size_t i = 0; i < count; i++)
      socket_row_expand(&gathering.rows.rows[i], &list->sockets[i]);
    list->known = true;
    list->socket_count = count;
    list->sockets_left_out = gathering.rows.left_out;
    code = process_find_holders(list->sockets, count);
    for (size_t i = 0; i < count; i++)
      port_socket_find_kernel(&list->sockets[i]);
  }
  free(gathering.rows.rows);
  return code;
}

void port_list_free(struct port_list *list) {
  free(list->origins);
  free(list->sockets);
  *list = (struct port_list){0};
}
