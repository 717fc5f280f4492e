/* The connections of this machine: the seam (connection_list_linux.c, connection_list_portable.c). Facts only. */
#ifndef LOPING_CLIENT_SOCKETS_CONNECTION_LIST_H
#define LOPING_CLIENT_SOCKETS_CONNECTION_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sockets/port_owner.h"
#include "common/sockets/socket_row.h"

/* At most so many are listed, and of so many the process is looked for; the others are counted. */
#define CONNECTION_LIST_MAX    65536
#define CONNECTION_HOLDERS_MAX 2048

/* One end of a connection that is on this machine. Where both are, each has its own. */
struct connection {
  enum transport transport; /* UDP: a socket with a peer */
  enum socket_state state;
  struct sockaddr_storage local;
  struct sockaddr_storage remote;
  uint64_t inode;      /* 0: no process has it: not accepted yet, or a rest */
  uint32_t expires_ms; /* TIME_WAIT: until the kernel forgets it */
  bool is_half_open;
  enum socket_owner owner; /* UNKNOWN: not looked for */
  int64_t pid;             /* of SHOWN: the first process that has it */
  char command[64];        /* its short name; not escaped */
};

struct connection_list {
  bool known; /* false where this system does not tell */
  size_t count;
  size_t left_out; /* found beyond CONNECTION_LIST_MAX */
  size_t capacity;
  struct connection *rows; /* owned */
};

/* Lists them, in no order, a connection that the table named twice perhaps twice. Returns 0 or a negative UV_ code;
 * `list` is whole in both cases. Free with connection_list_free(). */
int connection_list_gather(struct connection_list *list);

/* Looks for the processes of those whose `is_wanted` is set (one for each), in one walk over all processes. Returns 0
 * or a negative UV_ code. */
int connection_list_find_holders(struct connection_list *list, const bool *is_wanted);

/* For the seam: takes one more row, or counts it as left out. Returns 0 or UV_ENOMEM. */
int connection_list_keep(struct connection_list *list, const struct socket_row *row);

void connection_list_free(struct connection_list *list);

#endif
