/* Linux's socket tables over netlink, sock_diag(7). Internal to the port owner seam. */
#ifndef LOPING_COMMON_SOCKETS_SOCK_DIAG_LINUX_H
#define LOPING_COMMON_SOCKETS_SOCK_DIAG_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sockets/socket_row.h"

/* Called for every socket found. */
typedef void sock_diag_visit(const struct socket_row *row, void *visitor);

/* Visits every socket of `transport` (TCP or UDP) with the local port `port`, in one address family (AF_INET,
 * AF_INET6), also those that have the port and do not listen (Linux 6.8 and later tell them). Returns 0 or a negative
 * UV_ code; rows may have been visited before an error, and twice when the table changed during the dump. */
int sock_diag_find(enum transport transport, int family, uint16_t port, sock_diag_visit *visit, void *visitor);

/* The same for the sockets on that port that take requests or could (as sock_diag_list()), and for those whose other
 * end has the port, in every state. */
int sock_diag_find_taking(enum transport transport, int family, uint16_t port, sock_diag_visit *visit, void *visitor);
int sock_diag_find_remote(enum transport transport, int family, uint16_t port, sock_diag_visit *visit, void *visitor);

/* Visits every socket of `transport` in one address family that takes requests or could: those that listen, TCP sockets
 * that have a port and do not listen (told by Linux 6.8 and later), UDP sockets without a peer. Returns as above. */
int sock_diag_list(enum transport transport, int family, sock_diag_visit *visit, void *visitor);

/* The same for those that have another end: connections in every state, their rests (TIME_WAIT) too, and UDP sockets
 * with a peer. */
int sock_diag_list_connected(enum transport transport, int family, sock_diag_visit *visit, void *visitor);

/* What a batch of netlink messages means for a dump. */
enum sock_diag_batch { SOCK_DIAG_MORE, SOCK_DIAG_DONE, SOCK_DIAG_CHANGED, SOCK_DIAG_FAILED };

/* Reads one batch of messages, whatever its bytes are. Pure but for `visit`. `batch` is aligned for struct nlmsghdr.
 * SOCK_DIAG_CHANGED: done, but the table changed meanwhile; SOCK_DIAG_FAILED: `*code` says why. */
enum sock_diag_batch sock_diag_read_batch(const void *batch, size_t length, enum transport transport, uint32_t sequence,
                                          sock_diag_visit *visit, void *visitor, int *code);

#endif
