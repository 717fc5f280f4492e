/* See two_servers.h. */
#include "common/explain/two_servers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text/safe_text.h"

#define WHO_SIZE 320

static struct sockaddr_storage loopback(int family, uint16_t port) {
  struct sockaddr_storage address;
  memset(&address, 0, sizeof address);
  if (family == AF_INET6)
    (void)uv_ip6_addr("::1", port, (struct sockaddr_in6 *)&address);
  else
    (void)uv_ip4_addr(ADDRESS_DEFAULT_HOST, port, (struct sockaddr_in *)&address);
  return address;
}

static bool takes(const struct port_socket *socket, const struct sockaddr_storage *address) {
  return socket->transport == TRANSPORT_TCP && socket->state == SOCKET_STATE_LISTEN &&
         address_port(&socket->local) == address_port(address) && port_socket_overlaps(socket, address, false);
}

/* The most specific one gets it all. */
static const struct port_socket *find_taker(const struct port_socket *sockets, size_t count,
                                            const struct sockaddr_storage *address) {
  const struct port_socket *found = NULL;
  for (size_t i = 0; i < count; i++) {
    if (!takes(&sockets[i], address)) continue;
    if (found == NULL || address_same_host(&sockets[i].local, address) ||
        (address_is_any(&found->local) && found->local.ss_family != address->ss_family))
      found = &sockets[i];
  }
  return found;
}

static bool share_process(const struct port_socket *one, const struct port_socket *other) {
  for (size_t i = 0; i < one->process_count; i++)
    for (size_t j = 0; j < other->process_count; j++)
      if (one->processes[i].pid == other->processes[j].pid) return true;
  return false;
}

static bool is_beside(const struct port_socket *socket, const struct port_socket *taker) {
  return takes(socket, &taker->local) && address_same_host(&socket->local, &taker->local);
}

/* Workers of one server may each have sockets of their own: one process with both is enough. */
static bool is_one_program(const struct port_socket *sockets, size_t count, const struct two_servers *two) {
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < count && is_beside(&sockets[i], two->ipv4); j++)
      if (is_beside(&sockets[j], two->ipv6) && share_process(&sockets[i], &sockets[j])) return true;
  return false;
}

bool two_servers_find(const struct port_socket *sockets, size_t count, uint16_t port, struct two_servers *out) {
  struct sockaddr_storage ipv4 = loopback(AF_INET, port), ipv6 = loopback(AF_INET6, port);
  out->ipv4 = find_taker(sockets, count, &ipv4);
  out->ipv6 = find_taker(sockets, count, &ipv6);
  if (out->ipv4 == NULL || out->ipv6 == NULL || out->ipv4 == out->ipv6) return false;
  bool are_seen = out->ipv4->process_count > 0 && out->ipv6->process_count > 0;
  if (!are_seen && (out->ipv4->uid == out->ipv6->uid || out->ipv4->uid < 0 || out->ipv6->uid < 0)) return false;
  return !is_one_program(sockets, count, out);
}

/* "node (process 12)", or "a program of user bob" where it is hidden. */
static const char *who(const struct port_socket *socket, char out[WHO_SIZE]) {
  char name[256];
  if (socket->process_count == 0) {
    safe_text_copy(socket->user, strlen(socket->user), name, sizeof name);
    snprintf(out, WHO_SIZE, "a program of user %s", name);
    return out;
  }
  safe_text_copy(socket->processes[0].command, strlen(socket->processes[0].command), name, sizeof name);
  snprintf(out, WHO_SIZE, "%s (process %" PRId64 ")", name, socket->processes[0].pid);
  return out;
}

const char *two_servers_name(const struct two_servers *two, char out[TWO_SERVERS_TEXT_SIZE]) {
  char ipv4[WHO_SIZE], ipv6[WHO_SIZE], ipv4_at[ADDRESS_TEXT_SIZE], ipv6_at[ADDRESS_TEXT_SIZE];
  snprintf(out, TWO_SERVERS_TEXT_SIZE, "Two programs share port %u: %s has %s, and %s has %s.",
           address_port(&two->ipv4->local), who(two->ipv4, ipv4), address_format(&two->ipv4->local, ipv4_at),
           who(two->ipv6, ipv6), address_format(&two->ipv6->local, ipv6_at));
  return out;
}

const char *two_servers_write(const struct two_servers *two, enum localhost_order order,
                              char out[TWO_SERVERS_TEXT_SIZE]) {
  char ipv4[WHO_SIZE], ipv6[WHO_SIZE];
  uint16_t port = address_port(&two->ipv4->local);
  who(two->ipv4, ipv4);
  who(two->ipv6, ipv6);
  size_t used = strlen(two_servers_name(two, out)), room = TWO_SERVERS_TEXT_SIZE - used;
  char *rest = out + used;
  switch (order) {
    case LOCALHOST_UNKNOWN:
      break;
    case LOCALHOST_IPV6_FIRST:
    case LOCALHOST_IPV6_ALONE:
      snprintf(rest, room,
               " At localhost:%u node, python, Go, Chromium and curl from 8.3 on meet %s, for they try ::1 first; "
               "curl 7.78 to 8.2.0 meets %s.",
               port, ipv6, ipv4);
      break;
    case LOCALHOST_IPV4_FIRST:
      snprintf(rest, room,
               " At localhost:%u node and python meet %s, for 127.0.0.1 comes first on this machine, and so does "
               "curl 7.78 to 8.2.0; Go, Chromium and curl from 8.3 on meet %s, for they try ::1 first everywhere.",
               port, ipv4, ipv6);
      break;
    case LOCALHOST_IPV4_ALONE:
      snprintf(rest, room,
               " At localhost:%u node, python and Go meet %s, for localhost is 127.0.0.1 alone on this machine, and "
               "so does curl 7.78 to 8.2.0; Chromium and curl from 8.3 on meet %s, for they try ::1 first everywhere.",
               port, ipv4, ipv6);
      break;
  }
  return out;
}
