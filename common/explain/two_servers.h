/*
 * Two programs that share a port number, one on each address of localhost: which of them a client meets depends on the
 * client. Pure.
 */
#ifndef LOPING_COMMON_EXPLAIN_TWO_SERVERS_H
#define LOPING_COMMON_EXPLAIN_TWO_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/localhost.h"
#include "common/sockets/port_owner.h"

#define TWO_SERVERS_TEXT_SIZE 1024

struct two_servers {
  const struct port_socket *ipv4; /* takes what comes to 127.0.0.1 */
  const struct port_socket *ipv6; /* takes what comes to ::1 */
};

/* Looks for them among sockets of TCP that listen. False where one program has both addresses, where one of the two has
 * no listener, and where it is not known whether they are of one program. */
bool two_servers_find(const struct port_socket *sockets, size_t count, uint16_t port, struct two_servers *out);

/* Says who they are alone: a sentence. Writes into `out` and returns it. */
const char *two_servers_name(const struct two_servers *two, char out[TWO_SERVERS_TEXT_SIZE]);

/* Says who they are and whom localhost leads to; escaped. What it rests on: node (since 17), python and most other
 * programs take getaddrinfo's order; curl knows localhost by itself, since 7.78 as 127.0.0.1 and ::1, since 8.3 (pull
 * request 11466) the other way round; Chromium too, ::1 first (ResolveLocalHostname); Go reads /etc/hosts and sorts by
 * RFC 6724, ::1 before 127.0.0.1. Writes into `out` and returns it. */
const char *two_servers_write(const struct two_servers *two, enum localhost_order order,
                              char out[TWO_SERVERS_TEXT_SIZE]);

#endif
