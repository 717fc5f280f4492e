/* Windows' socket tables; see socket_table_windows.h. Must not know why anybody asks. */
#include "common/sockets/socket_table_windows.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"

#define ATTEMPTS_MAX 8
/* The table can grow between two calls. */
#define ROOM_SPARE 4096

enum socket_state socket_table_state(DWORD state) {
  switch (state) {
    case MIB_TCP_STATE_LISTEN:
      return SOCKET_STATE_LISTEN;
    case MIB_TCP_STATE_SYN_SENT:
    case MIB_TCP_STATE_SYN_RCVD:
      return SOCKET_STATE_CONNECTING;
    case MIB_TCP_STATE_ESTAB:
      return SOCKET_STATE_ESTABLISHED;
    case MIB_TCP_STATE_FIN_WAIT1:
    case MIB_TCP_STATE_FIN_WAIT2:
    case MIB_TCP_STATE_CLOSING:
    case MIB_TCP_STATE_LAST_ACK:
      return SOCKET_STATE_FIN_WAIT;
    case MIB_TCP_STATE_CLOSE_WAIT:
      return SOCKET_STATE_CLOSE_WAIT;
    case MIB_TCP_STATE_TIME_WAIT:
      return SOCKET_STATE_TIME_WAIT;
    default:
      return SOCKET_STATE_UNKNOWN;
  }
}

/* A port stands in the lower two bytes, in the network's order. */
static void set_ipv4(struct sockaddr_storage *address, DWORD host, DWORD port) {
  struct sockaddr_in *ipv4 = (struct sockaddr_in *)address;
  ipv4->sin_family = AF_INET;
  ipv4->sin_port = (u_short)port;
  ipv4->sin_addr.s_addr = host;
}

static void set_ipv6(struct sockaddr_storage *address, const UCHAR host[16], DWORD scope, DWORD port) {
  struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)address;
  ipv6->sin6_family = AF_INET6;
  ipv6->sin6_port = (u_short)port;
  ipv6->sin6_scope_id = ntohl(scope);
  memcpy(&ipv6->sin6_addr, host, 16);
}

static void begin(struct socket_row *row, enum transport transport, enum socket_state state, DWORD pid) {
  memset(row, 0, sizeof *row);
  row->transport = transport;
  row->state = state;
  row->uid = -1;
  row->told_pid = (int64_t)pid;
}

/* The other end of one that listens is zeros. */
void socket_table_read_tcp4(const MIB_TCPROW_OWNER_PID *told, struct socket_row *row) {
  begin(row, TRANSPORT_TCP, socket_table_state(told->dwState), told->dwOwningPid);
  set_ipv4(&row->local, told->dwLocalAddr, told->dwLocalPort);
  if (row->state != SOCKET_STATE_LISTEN) set_ipv4(&row->remote, told->dwRemoteAddr, told->dwRemotePort);
}

void socket_table_read_tcp6(const MIB_TCP6ROW_OWNER_PID *told, struct socket_row *row) {
  begin(row, TRANSPORT_TCP, socket_table_state(told->dwState), told->dwOwningPid);
  set_ipv6(&row->local, told->ucLocalAddr, told->dwLocalScopeId, told->dwLocalPort);
  if (row->state != SOCKET_STATE_LISTEN)
    set_ipv6(&row->remote, told->ucRemoteAddr, told->dwRemoteScopeId, told->dwRemotePort);
}

void socket_table_read_udp4(const MIB_UDPROW_OWNER_PID *told, struct socket_row *row) {
  begin(row, TRANSPORT_UDP, SOCKET_STATE_BOUND, told->dwOwningPid);
  set_ipv4(&row->local, told->dwLocalAddr, told->dwLocalPort);
}

void socket_table_read_udp6(const MIB_UDP6ROW_OWNER_PID *told, struct socket_row *row) {
  begin(row, TRANSPORT_UDP, SOCKET_STATE_BOUND, told->dwOwningPid);
  set_ipv6(&row->local, told->ucLocalAddr, told->dwLocalScopeId, told->dwLocalPort);
}

static DWORD ask(enum transport transport, ULONG family, void *table, DWORD *bytes) {
  if (transport == TRANSPORT_TCP) return GetExtendedTcpTable(table, bytes, FALSE, family, TCP_TABLE_OWNER_PID_ALL, 0);
  return GetExtendedUdpTable(table, bytes, FALSE, family, UDP_TABLE_OWNER_PID, 0);
}

/* Sets *table to memory of the caller's. */
static int read_table(enum transport transport, ULONG family, void **table) {
  DWORD bytes = 0, error = ERROR_INSUFFICIENT_BUFFER;
  *table = NULL;
  for (int i = 0; i < ATTEMPTS_MAX && error == ERROR_INSUFFICIENT_BUFFER; i++) {
    free(*table);
    bytes += ROOM_SPARE;
    *table = memory_take_zeroed(1, bytes);
    if (*table == NULL) return UV_ENOMEM;
    error = ask(transport, family, *table, &bytes);
  }
  if (error == NO_ERROR) return 0;
  free(*table);
  *table = NULL;
  return uv_translate_sys_error((int)error);
}

static void visit_tcp4(const MIB_TCPTABLE_OWNER_PID *table, socket_table_visit *visit, void *visitor) {
  struct socket_row row;
  for (DWORD i = 0; i < table->dwNumEntries; i++) {
    socket_table_read_tcp4(&table->table[i], &row);
    visit(&row, visitor);
  }
}

static void visit_tcp6(const MIB_TCP6TABLE_OWNER_PID *table, socket_table_visit *visit, void *visitor) {
  struct socket_row row;
  for (DWORD i = 0; i < table->dwNumEntries; i++) {
    socket_table_read_tcp6(&table->table[i], &row);
    visit(&row, visitor);
  }
}

static void visit_udp4(const MIB_UDPTABLE_OWNER_PID *table, socket_table_visit *visit, void *visitor) {
  struct socket_row row;
  for (DWORD i = 0; i < table->dwNumEntries; i++) {
    socket_table_read_udp4(&table->table[i], &row);
    visit(&row, visitor);
  }
}

static void visit_udp6(const MIB_UDP6TABLE_OWNER_PID *table, socket_table_visit *visit, void *visitor) {
  struct socket_row row;
  for (DWORD i = 0; i < table->dwNumEntries; i++) {
    socket_table_read_udp6(&table->table[i], &row);
    visit(&row, visitor);
  }
}

static int walk_family(enum transport transport, ULONG family, socket_table_visit *visit, void *visitor) {
  void *table;
  int code = read_table(transport, family, &table);
  if (code != 0) return code;
  if (transport == TRANSPORT_TCP && family == AF_INET) visit_tcp4(table, visit, visitor);
  if (transport == TRANSPORT_TCP && family == AF_INET6) visit_tcp6(table, visit, visitor);
  if (transport == TRANSPORT_UDP && family == AF_INET) visit_udp4(table, visit, visitor);
  if (transport == TRANSPORT_UDP && family == AF_INET6) visit_udp6(table, visit, visitor);
  free(table);
  return 0;
}

int socket_table_walk(enum transport transport, socket_table_visit *visit, void *visitor) {
  int code = walk_family(transport, AF_INET, visit, visitor);
  int code6 = walk_family(transport, AF_INET6, visit, visitor);
  return code != 0 ? code : code6;
}
