/* Who is connected to each listener: this machine's connections laid against its rows. Pure. */
#ifndef LOPING_CLIENT_PORTS_PORT_PEERS_H
#define LOPING_CLIENT_PORTS_PORT_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/ports/port_rows.h"
#include "client/sockets/connection_list.h"

#define PORT_PEERS_MAX 16
#define PEER_NONE      SIZE_MAX

/* A connection to a row. */
struct peer_link {
  size_t row;
  size_t server; /* the server's end in the list; PEER_NONE of UDP, where only the client's is to be seen */
  size_t client; /* the client's; PEER_NONE where it is on another machine, or in another network namespace */
};

struct peer_links {
  size_t count;
  struct peer_link *links; /* owned */
};

/* Finds the links of all rows, the rests of closed connections (TIME_WAIT) included. Returns 0 or UV_ENOMEM. Free with
 * peer_links_free(). */
int peer_links_find(const struct port_row *rows, size_t count, const struct connection_list *list,
                    struct peer_links *links);

void peer_links_free(struct peer_links *links);

/* Is it a connection that the server has not closed, or that waits to be accepted? */
bool peer_link_stands(const struct peer_link *link, const struct connection_list *list);

/* One process of this machine, or one address. */
struct port_peer {
  bool is_here;                    /* the client's end is in this network namespace */
  enum socket_owner owner;         /* then: what is known of its process */
  int64_t pid;                     /* of SHOWN */
  char command[64];                /* not escaped */
  struct sockaddr_storage address; /* its port is that of the first connection */
  size_t connections;
  size_t waiting; /* of these, not accepted by the server yet */
};

struct port_peers {
  size_t connections;
  size_t waiting;
  size_t peer_count;
  size_t left_out; /* connections of further peers */
  struct port_peer peers[PORT_PEERS_MAX];
};

/* Adds up what stands of each row's links; `peers` has one for each row. The most connections first. */
void port_peers_count(const struct peer_links *links, const struct connection_list *list, struct port_peers *peers,
                      size_t row_count);

#endif
