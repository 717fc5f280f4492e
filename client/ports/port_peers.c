/* See port_peers.h. */
#include "client/ports/port_peers.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"

struct place {
  uint16_t port;
  size_t row;
};

struct ordered {
  const struct connection *connection;
};

/* The rows in the order of their ports, and the connections in the order of both of theirs. */
struct index {
  const struct port_row *rows;
  size_t row_count;
  struct place *by_port;
  const struct connection_list *list;
  struct ordered *by_ports;
};

static int compare_places(const void *one, const void *other) {
  const struct place *first = one, *second = other;
  if (first->port != second->port) return first->port < second->port ? -1 : 1;
  return first->row < second->row ? -1 : first->row > second->row;
}

static int compare_ports(const struct connection *connection, enum transport transport, uint16_t local,
                         uint16_t remote) {
  int order = (int)connection->transport - (int)transport;
  if (order == 0) order = (int)address_port(&connection->local) - (int)local;
  return order != 0 ? order : (int)address_port(&connection->remote) - (int)remote;
}

static int compare_connections(const void *one, const void *other) {
  const struct connection *first = ((const struct ordered *)one)->connection;
  const struct connection *second = ((const struct ordered *)other)->connection;
  return compare_ports(first, second->transport, address_port(&second->local), address_port(&second->remote));
}

static size_t find_first_connection(const struct index *index, const struct connection *swapped) {
  size_t low = 0, high = index->list->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_ports(index->by_ports[middle].connection, swapped->transport, address_port(&swapped->remote),
                      address_port(&swapped->local)) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The other end of the connection, where this machine has it too. */
static size_t find_other_end(const struct index *index, const struct connection *connection) {
  for (size_t i = find_first_connection(index, connection); i < index->list->count; i++) {
    const struct connection *other = index->by_ports[i].connection;
    if (compare_ports(other, connection->transport, address_port(&connection->remote),
                      address_port(&connection->local)) != 0)
      break;
    if (other != connection && address_same_host(&other->local, &connection->remote) &&
        address_same_host(&other->remote, &connection->local))
      return (size_t)(other - index->list->rows);
  }
  return PEER_NONE;
}

static size_t find_first_row(const struct index *index, uint16_t port) {
  size_t low = 0, high = index->row_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (index->by_port[middle].port < port)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The listener that takes what comes to `address`: one of that very address before one of all. */
static size_t find_row(const struct index *index, enum transport transport, const struct sockaddr_storage *address) {
  uint16_t port = address_port(address);
  size_t best = PEER_NONE;
  for (size_t i = find_first_row(index, port); i < index->row_count && index->by_port[i].port == port; i++) {
    const struct port_row *row = &index->rows[index->by_port[i].row];
    const struct port_socket *socket = row->socket;
    if (socket->transport != transport || row->mark == PORT_MARK_WENT || port_reach_of(socket) == PORT_REACH_NOBODY ||
        !address_overlaps(&socket->local, socket->dual_stack, address, false))
      continue;
    if (best == PEER_NONE || !address_is_any(&socket->local)) best = index->by_port[i].row;
  }
  return best;
}

/* The client's end of a connection is known by the server's; where that end is gone already (the client closed first,
 * and its rest stays) by itself. */
static bool make_link(const struct index *index, const struct connection *connection, struct peer_link *link) {
  size_t own = (size_t)(connection - index->list->rows);
  bool is_udp = connection->transport == TRANSPORT_UDP;
  link->row = is_udp ? PEER_NONE : find_row(index, TRANSPORT_TCP, &connection->local);
  if (link->row != PEER_NONE) {
    link->server = own;
    link->client = find_other_end(index, connection);
    return true;
  }
  link->row = find_row(index, connection->transport, &connection->remote);
  if (link->row == PEER_NONE) return false;
  /* Another machine's listener of that number is none of ours. */
  if (!address_is_loopback(&connection->remote) && !address_same_host(&connection->local, &connection->remote))
    return false;
  link->server = PEER_NONE;
  link->client = own;
  return is_udp || find_other_end(index, connection) == PEER_NONE;
}

static void fill(struct index *index, struct peer_links *links) {
  const struct connection_list *list = index->list;
  for (size_t i = 0; i < index->row_count; i++)
    index->by_port[i] = (struct place){address_port(&index->rows[i].socket->local), i};
  qsort(index->by_port, index->row_count, sizeof *index->by_port, compare_places);
  for (size_t i = 0; i < list->count; i++)
    index->by_ports[i].connection = &list->rows[i];
  qsort(index->by_ports, list->count, sizeof *index->by_ports, compare_connections);
  for (size_t i = 0; i < list->count; i++)
    if (make_link(index, &list->rows[i], &links->links[links->count])) links->count++;
}

int peer_links_find(const struct port_row *rows, size_t count, const struct connection_list *list,
                    struct peer_links *links) {
  struct index index = {.rows = rows, .row_count = count, .list = list};
  index.by_port = memory_take_zeroed(count + 1, sizeof *index.by_port);
  index.by_ports = memory_take_zeroed(list->count + 1, sizeof *index.by_ports);
  *links = (struct peer_links){.links = memory_take_zeroed(list->count + 1, sizeof *links->links)};
  bool has_memory = index.by_port != NULL && index.by_ports != NULL && links->links != NULL;
  if (has_memory) fill(&index, links);
  free(index.by_port);
  free(index.by_ports);
  return has_memory ? 0 : UV_ENOMEM;
}

void peer_links_free(struct peer_links *links) {
  free(links->links);
  *links = (struct peer_links){0};
}

bool peer_link_stands(const struct peer_link *link, const struct connection_list *list) {
  const struct connection *seen = &list->rows[link->server != PEER_NONE ? link->server : link->client];
  if (seen->transport == TRANSPORT_UDP) return true;
  return link->server != PEER_NONE &&
         (seen->state == SOCKET_STATE_ESTABLISHED || seen->state == SOCKET_STATE_CLOSE_WAIT);
}

static bool is_same_peer(const struct port_peer *one, const struct port_peer *other) {
  if (one->is_here != other->is_here || one->owner != other->owner) return false;
  if (one->is_here && one->owner == SOCKET_OWNER_SHOWN) return one->pid == other->pid;
  return address_same_host(&one->address, &other->address);
}

static void add_peer(struct port_peers *peers, const struct port_peer *peer) {
  peers->connections++;
  peers->waiting += peer->waiting;
  for (size_t i = 0; i < peers->peer_count; i++) {
    if (!is_same_peer(&peers->peers[i], peer)) continue;
    peers->peers[i].connections++;
    peers->peers[i].waiting += peer->waiting;
    return;
  }
  if (peers->peer_count == PORT_PEERS_MAX)
    peers->left_out++;
  else
    peers->peers[peers->peer_count++] = *peer;
}

static int compare_peers(const void *one, const void *other) {
  const struct port_peer *first = one, *second = other;
  if (first->connections != second->connections) return first->connections > second->connections ? -1 : 1;
  if (first->pid != second->pid) return first->pid < second->pid ? -1 : 1;
  return memcmp(&first->address, &second->address, sizeof first->address);
}

void port_peers_count(const struct peer_links *links, const struct connection_list *list, struct port_peers *peers,
                      size_t row_count) {
  memset(peers, 0, row_count * sizeof *peers);
  for (size_t i = 0; i < links->count; i++) {
    const struct peer_link *link = &links->links[i];
    if (!peer_link_stands(link, list)) continue;
    struct port_peer peer = {.is_here = link->client != PEER_NONE, .connections = 1};
    if (link->server != PEER_NONE) {
      peer.address = list->rows[link->server].remote;
      peer.waiting = list->rows[link->server].inode == 0;
    } else {
      peer.address = list->rows[link->client].local;
    }
    if (peer.is_here) {
      const struct connection *client = &list->rows[link->client];
      peer.owner = client->owner;
      peer.pid = client->pid;
      memcpy(peer.command, client->command, sizeof peer.command);
    }
    add_peer(&peers[link->row], &peer);
  }
  for (size_t i = 0; i < row_count; i++)
    qsort(peers[i].peers, peers[i].peer_count, sizeof *peers[i].peers, compare_peers);
}
