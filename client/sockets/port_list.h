/* Who listens on this machine. */
#ifndef LOPING_CLIENT_SOCKETS_PORT_LIST_H
#define LOPING_CLIENT_SOCKETS_PORT_LIST_H

#include "common/sockets/port_owner.h"

/* At most so many sockets are listed; the others are counted. */
#define PORT_LIST_MAX 16384

/* Every socket of this machine that takes requests or could. In no order. */
struct port_list {
  bool known; /* false where this system does not tell */
  size_t socket_count;
  size_t sockets_left_out;     /* found beyond PORT_LIST_MAX */
  struct port_socket *sockets; /* owned */
  size_t origin_count;
  struct process_origin *origins; /* owned; NULL until port_list_find_origins() */
};

/* Lists the sockets of TCP and UDP, in IPv4 and IPv6, that listen (TCP), that receive from everybody (UDP without a
 * peer), or that have a port and do not listen (TCP; Linux 6.8 and later tell them); and the processes that have them.
 * One look into each table and one walk over the processes, however many sockets there are. Sees what this process's
 * network namespace has. Returns 0 or a negative UV_ code; `list` is whole in both cases. Free with port_list_free().
 */
int port_list_gather(struct port_list *list);

/* Looks for where the processes of these sockets came from, about 0.2 ms each; `is_wanted` has one for each socket, and
 * NULL wants all. Only once for a list. Returns 0 or UV_ENOMEM. */
int port_list_find_origins(struct port_list *list, const bool *is_wanted);

void port_list_free(struct port_list *list);

#endif
