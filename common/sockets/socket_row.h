/* One socket as a system's table shows it, before anybody asks whose it is. Internal to the
 * seams that read such tables: port_owner, sock_table. */
#ifndef LOPING_COMMON_SOCKETS_SOCKET_ROW_H
#define LOPING_COMMON_SOCKETS_SOCKET_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sockets/port_owner.h"

/* The fields mean what they mean in struct port_socket. */
struct socket_row {
  enum transport transport;
  enum socket_state state;
  struct sockaddr_storage local;
  struct sockaddr_storage remote;
  bool dual_stack;
  char path[ADDRESS_PATH_SIZE];
  int64_t uid;
  uint64_t inode;
  int64_t told_pid;
  uint32_t expires_ms;
  uint32_t queued;
  uint32_t queue_limit;
  uint32_t unread_bytes; /* what the process has not read yet; of UDP with the kernel's own cost */
  uint32_t unsent_bytes; /* what the other end has not acknowledged yet */
  uint32_t device;       /* the interface that it is bound to, by number; 0: none */
  bool is_half_open;     /* TCP, SYN_RECV: the handshake's last packet has not come */
};

/* Makes a socket of a row: its owner and processes are not known yet. */
void socket_row_expand(const struct socket_row *row, struct port_socket *socket);

/* Adds a row to the report. When the report is full, the row takes the place of a less important one (one that does not
 * overlap `wanted`, or else one in a later state), or is counted as left out. A row that is there
 * already is not added again. `wanted` may be NULL. */
void port_report_keep(struct port_report *report, const struct socket_row *row, const struct sockaddr_storage *wanted);

/* Puts the sockets in the order that port_owner.h promises. */
void port_report_sort(struct port_report *report, const struct sockaddr_storage *wanted);

#endif
