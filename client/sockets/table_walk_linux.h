/* All sockets of this network namespace of one kind, by sock_diag(7), or from /proc/net where that is not there.
 * Internal to the seams of this folder. */
#ifndef LOPING_CLIENT_SOCKETS_TABLE_WALK_LINUX_H
#define LOPING_CLIENT_SOCKETS_TABLE_WALK_LINUX_H

#include "common/sockets/sock_diag_linux.h"

enum table_walk_kind {
  TABLE_WALK_TAKING,    /* those that take requests or could */
  TABLE_WALK_CONNECTED, /* those with another end, in every state */
};

/* Visits TCP and UDP in IPv4 and IPv6; a socket may come twice. Returns 0 or a negative UV_ code. */
int table_walk(enum table_walk_kind kind, sock_diag_visit *visit, void *visitor);

#endif
