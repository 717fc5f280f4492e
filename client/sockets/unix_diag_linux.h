/* Linux's table of unix sockets over netlink, sock_diag(7). Internal to the seam unix_table.h. */
#ifndef LOPING_CLIENT_SOCKETS_UNIX_DIAG_LINUX_H
#define LOPING_CLIENT_SOCKETS_UNIX_DIAG_LINUX_H

#include "client/sockets/unix_table.h"

/* Called for every socket; false ends the look. */
typedef bool unix_diag_visit(const struct unix_row *row, void *visitor);

/* Visits every unix socket of this network namespace that a process has. `waiting`: the inode of a connection of which
 * each listener tells whether it waits there (0: none). Returns 0 or a negative UV_ code. */
int unix_diag_list(uint64_t waiting, unix_diag_visit *visit, void *visitor);

/* Reads one SOCK_DIAG_BY_FAMILY message's body of `length` bytes, whatever they are. `body` is aligned for 32-bit
 * numbers. Pure. */
bool unix_diag_read(const void *body, size_t length, uint64_t waiting, struct unix_row *row);

#endif
