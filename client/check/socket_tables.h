/* The facts that this machine's tables tell of a probe: its listener, its other end, its address. */
#ifndef LOPING_CLIENT_CHECK_SOCKET_TABLES_H
#define LOPING_CLIENT_CHECK_SOCKET_TABLES_H

#include "client/check/facts.h"
#include "client/sockets/net_counters.h"
#include "common/net/address.h"

/* Reads which sockets could answer for `target`, and the state of the one that would. Sets what struct listener_facts
 * tells but is_stopped and is_hidden. */
void tables_read_listener(const struct endpoint *target, struct listener_facts *listener);

/* Reads the other end of the connection from `local` to `target`. */
void tables_read_server_half(const struct endpoint *target, const struct sockaddr_storage *local,
                             struct server_half_facts *half);

/* The same for a unix socket: what listens at the path, and the other end of a connection to it. */
void tables_read_unix_listener(const char *path, struct port_facts *facts);
void tables_read_unix_half(uv_os_fd_t descriptor, struct server_half_facts *half);

/* Does an interface that is up have this loopback address? */
bool tables_has_loopback(const struct sockaddr_storage *address);

/* How much the counters grew between two readings. */
void tables_read_growth(const struct net_counters *before, const struct net_counters *after,
                        struct counter_facts *counters);

#endif
