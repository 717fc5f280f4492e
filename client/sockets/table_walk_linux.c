/* See table_walk_linux.h. Facts only. */
#include "client/sockets/table_walk_linux.h"

#include <unistd.h>

#include "common/machine/proc_file_linux.h"
#include "common/sockets/proc_text.h"

struct walk {
  enum table_walk_kind kind;
  sock_diag_visit *visit;
  void *visitor;
  enum transport transport;
  long ticks_per_second;
};

static bool is_of_kind(const struct socket_row *row, enum table_walk_kind kind) {
  bool is_connected = row->remote.ss_family != AF_UNSPEC;
  if (kind == TABLE_WALK_CONNECTED) return is_connected && row->state != SOCKET_STATE_LISTEN;
  if (row->transport == TRANSPORT_UDP) return row->state == SOCKET_STATE_BOUND && address_port(&row->local) != 0;
  return row->state == SOCKET_STATE_LISTEN || (row->state == SOCKET_STATE_BOUND && address_port(&row->local) != 0);
}

static void on_row(const struct socket_row *row, void *owner) {
  const struct walk *walk = owner;
  if (is_of_kind(row, walk->kind)) walk->visit(row, walk->visitor);
}

static bool on_line(void *owner, const char *line) {
  const struct walk *walk = owner;
  struct socket_row row;
  if (proc_text_read_inet(line, walk->transport, walk->ticks_per_second, &row)) on_row(&row, owner);
  return true;
}

int table_walk(enum table_walk_kind kind, sock_diag_visit *visit, void *visitor) {
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
  struct walk walk = {.kind = kind, .visit = visit, .visitor = visitor, .ticks_per_second = sysconf(_SC_CLK_TCK)};
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
    walk.transport = tables[i].transport;
    int code = kind == TABLE_WALK_TAKING
                   ? sock_diag_list(tables[i].transport, tables[i].family, on_row, &walk)
                   : sock_diag_list_connected(tables[i].transport, tables[i].family, on_row, &walk);
    if (code == 0) continue;
    code = proc_file_each_line(tables[i].file_name, on_line, &walk);
    /* No IPv6 in this kernel: no IPv6 socket either. */
    bool is_missing_ipv6 = code == UV_ENOENT && tables[i].family == AF_INET6;
    if (code != 0 && !is_missing_ipv6) return code;
  }
  return 0;
}
