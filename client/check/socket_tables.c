/* From this machine's tables to facts about a probe. Must not know what follows from them. */
#include "client/check/socket_tables.h"

#include <string.h>

#include "client/sockets/sock_table.h"
#include "client/sockets/unix_table.h"

/* 127.0.0.1/8 on an interface makes all of 127.0.0.0/8 its own. */
static bool covers(const uv_interface_address_t *interface, const struct sockaddr_storage *address) {
  struct sockaddr_storage own;
  memset(&own, 0, sizeof own);
  if (address->ss_family == AF_INET6)
    memcpy(&own, &interface->address.address6, sizeof interface->address.address6);
  else
    memcpy(&own, &interface->address.address4, sizeof interface->address.address4);
  if (own.ss_family != address->ss_family) return false;
  if (address_same_host(&own, address)) return true;
  return interface->is_internal && own.ss_family == AF_INET && address_is_loopback(&own) &&
         address_is_loopback(address);
}

bool tables_has_loopback(const struct sockaddr_storage *address) {
  uv_interface_address_t *interfaces;
  int count;
  bool is_there = false;
  /* Where the system does not tell, nothing is said to be missing. */
  if (uv_interface_addresses(&interfaces, &count) != 0) return true;
  for (int i = 0; i < count && !is_there; i++)
    is_there = covers(&interfaces[i], address);
  uv_free_interface_addresses(interfaces, count);
  return is_there;
}

/* The loopback interface is the one on which a probe arrives; a socket bound to any other does not see it. */
static bool is_on_other_device(const struct socket_row *row) {
  char name[UV_IF_NAMESIZE];
  size_t length = sizeof name;
  uv_interface_address_t *interfaces;
  int count;
  bool is_internal = false;
  if (row->device == 0 || uv_if_indextoname(row->device, name, &length) != 0) return false;
  if (uv_interface_addresses(&interfaces, &count) != 0) return false;
  for (int i = 0; i < count; i++)
    if (interfaces[i].is_internal && strcmp(interfaces[i].name, name) == 0) is_internal = true;
  uv_free_interface_addresses(interfaces, count);
  return !is_internal;
}

static void note_state(const struct socket_row *row, struct listener_facts *listener) {
  bool is_fuller = row->queued > listener->queued || row->unread_bytes > listener->unread_bytes;
  if (listener->is_here && !is_fuller) return;
  listener->queued = row->queued;
  listener->queue_limit = row->queue_limit;
  listener->unread_bytes = row->unread_bytes;
}

static void note_read(int code, struct listener_facts *listener) {
  listener->is_known = code == 0;
  listener->code = code == UV_ENOTSUP ? 0 : code;
}

void tables_read_listener(const struct endpoint *target, struct listener_facts *listener) {
  struct sock_table table;
  size_t others = 0;
  memset(listener, 0, sizeof *listener);
  note_read(sock_table_find_local(target->transport, address_port(&target->address), &table), listener);
  for (size_t i = 0; i < table.count; i++) {
    const struct socket_row *row = &table.rows[i];
    bool overlaps = address_overlaps(&row->local, row->dual_stack, &target->address, false);
    bool takes = target->transport == TRANSPORT_UDP || row->state == SOCKET_STATE_LISTEN;
    if (!takes) {
      listener->only_bound = listener->only_bound || overlaps;
    } else if (!overlaps) {
      others++;
    } else if (is_on_other_device(row)) {
      listener->is_on_device = true;
    } else {
      note_state(row, listener);
      listener->is_here = true;
    }
  }
  if (listener->is_here) listener->is_on_device = false;
  listener->is_elsewhere = others > 0 && !listener->is_here && !listener->is_on_device;
}

static bool is_at_target(const struct socket_row *row, const struct endpoint *target) {
  return address_port(&row->local) == address_port(&target->address) &&
         address_same_host(&row->local, &target->address);
}

/* One client port may serve several connections at once, to different servers: of one that was redirected no client's
 * half is there, as that still names the target, and it has not ended. What could not be looked up was not shown to be
 * redirected. */
static bool lacks_client(const struct socket_row *row) {
  struct sock_table clients;
  return row->state != SOCKET_STATE_TIME_WAIT && row->state != SOCKET_STATE_CLOSE_WAIT &&
         sock_table_find_pair(TRANSPORT_TCP, &row->remote, &row->local, &clients) == 0 && clients.count == 0;
}

/* Another's connection may end between the two looks: of one that was redirected the server's half is still there. */
static bool is_redirected(const struct socket_row *row, const struct sockaddr_storage *client) {
  struct sock_table later;
  if (!lacks_client(row) || sock_table_find_remote(TRANSPORT_TCP, client, &later) != 0) return false;
  for (size_t i = 0; i < later.count; i++) {
    const struct socket_row *same = &later.rows[i];
    if (same->inode == row->inode && address_port(&same->local) == address_port(&row->local) && lacks_client(same))
      return true;
  }
  return false;
}

static const struct socket_row *find_half(const struct sock_table *table, const struct endpoint *target,
                                          const struct sockaddr_storage *client) {
  for (size_t i = 0; i < table->count; i++)
    if (table->rows[i].state != SOCKET_STATE_TIME_WAIT && is_at_target(&table->rows[i], target)) return &table->rows[i];
  for (size_t i = 0; i < table->count; i++)
    if (is_redirected(&table->rows[i], client)) return &table->rows[i];
  return NULL;
}

void tables_read_server_half(const struct endpoint *target, const struct sockaddr_storage *local,
                             struct server_half_facts *half) {
  struct sock_table table;
  memset(half, 0, sizeof *half);
  if (target->transport != TRANSPORT_TCP || local->ss_family == AF_UNSPEC || address_port(local) == 0) return;
  if (sock_table_find_remote(TRANSPORT_TCP, local, &table) != 0) return;
  const struct socket_row *row = find_half(&table, target, local);
  if (row == NULL) return;
  uint16_t port = address_port(&row->local);
  half->is_found = true;
  half->is_half_open = row->is_half_open;
  half->is_accepted = row->inode != 0;
  half->port = port == address_port(&target->address) ? 0 : port;
  half->unread_bytes = row->unread_bytes;
  half->unsent_bytes = row->unsent_bytes;
}

void tables_read_unix_half(uv_os_fd_t descriptor, struct server_half_facts *half) {
  struct unix_row row;
  memset(half, 0, sizeof *half);
  half->listener_pid = unix_table_listener_pid(descriptor);
  if (unix_table_find_half(descriptor, &row) != 0) return;
  half->is_found = row.inode != 0 || row.has_waiting;
  half->is_accepted = row.inode != 0;
  half->unread_bytes = row.unread_bytes;
  half->unsent_bytes = row.unsent_bytes;
}

void tables_read_unix_listener(const char *path, struct port_facts *facts) {
  static const enum unix_socket_kind kinds[] = {[UNIX_KIND_STREAM] = UNIX_SOCKET_STREAM,
                                                [UNIX_KIND_DATAGRAM] = UNIX_SOCKET_DATAGRAM,
                                                [UNIX_KIND_SEQPACKET] = UNIX_SOCKET_SEQPACKET};
  struct listener_facts *listener = &facts->listener;
  struct unix_row row;
  memset(listener, 0, sizeof *listener);
  note_read(unix_table_find_bound(path, &row, &facts->at_path.is_file_gone), listener);
  if (row.inode == 0) {
    bool is_there = facts->probe.outcome == PROBE_CONNECTED || facts->probe.outcome == PROBE_QUEUE_FULL ||
                    facts->probe.outcome == PROBE_OTHER_KIND;
    int shared = unix_table_shares_network(facts->server_half.listener_pid);
    facts->at_path.is_other_space = is_there && shared == 0;
    /* Somebody listens, or did when it was asked: where that is not shown here, nothing is known of it. */
    if (is_there && shared != 1) listener->is_known = false;
    return;
  }
  facts->at_path.kind = kinds[row.kind];
  listener->only_bound = !row.is_listening && row.kind != UNIX_KIND_DATAGRAM;
  listener->is_here = !facts->at_path.is_file_gone && !listener->only_bound;
  listener->queued = row.queued;
  listener->queue_limit = row.queue_limit;
  listener->unread_bytes = row.is_listening ? 0 : row.unread_bytes;
}

void tables_read_growth(const struct net_counters *before, const struct net_counters *after,
                        struct counter_facts *counters) {
  const struct {
    int64_t *fact;
    enum net_counter counter;
  } rows[] = {
      {&counters->resets_sent, COUNTER_TCP_RESETS_SENT},
      {&counters->repeats_failed, COUNTER_TCP_REPEAT_FAILED},
      {&counters->listen_overflows, COUNTER_TCP_LISTEN_OVERFLOWS},
      {&counters->accepts_deferred, COUNTER_TCP_ACCEPTS_DEFERRED},
      {&counters->udp_received, COUNTER_UDP_RECEIVED},
      {&counters->udp_sent, COUNTER_UDP_SENT},
      {&counters->udp_no_port, COUNTER_UDP_NO_PORT},
      {&counters->udp_buffer_full, COUNTER_UDP_BUFFER_FULL},
      {&counters->ip_out_discarded, COUNTER_IP_OUT_DISCARDED},
  };
  bool are_known = before->known && after->known;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    *rows[i].fact = are_known ? (int64_t)net_counters_growth(before, after, rows[i].counter) : FACT_UNKNOWN;
}
