/*
 * The rows of this machine's socket tables that tell how a probe fares: the seam. Cheap, because no process is looked
 * into; whose a socket is says port_owner.h. Facts only.
 */
#ifndef LOPING_CLIENT_SOCKETS_SOCK_TABLE_H
#define LOPING_CLIENT_SOCKETS_SOCK_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "common/sockets/socket_row.h"

#define SOCK_TABLE_ROWS_MAX 16

struct sock_table {
  size_t count;
  size_t left_out; /* found beyond SOCK_TABLE_ROWS_MAX */
  struct socket_row rows[SOCK_TABLE_ROWS_MAX];
};

/* Finds the sockets on the local port `port`, in IPv4 and IPv6, that take requests or could: TCP that listen or have
 * the port and do not listen, UDP without a peer. Returns 0 or a negative UV_ code (UV_ENOTSUP: this system does not
 * tell); the table is whole in both cases. Source: sock_diag(7). */
int sock_table_find_local(enum transport transport, uint16_t port, struct sock_table *table);

/* Finds the sockets whose other end is exactly `remote`, in every state: the server's halves of a connection that this
 * process made from there. What a firewall redirected shows here with its real port. Returns as above. */
int sock_table_find_remote(enum transport transport, const struct sockaddr_storage *remote, struct sock_table *table);

/* The same of the one connection from `local` to `remote`. */
int sock_table_find_pair(enum transport transport, const struct sockaddr_storage *local,
                         const struct sockaddr_storage *remote, struct sock_table *table);

#endif
