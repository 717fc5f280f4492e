/*
 * A socket that has a port to itself: for a server of our own beside the one that is examined, and for a port that
 * surely nobody listens on. The seam: bound_socket_posix.c, bound_socket_portable.c.
 */
#ifndef LOPING_CLIENT_SOCKETS_BOUND_SOCKET_H
#define LOPING_CLIENT_SOCKETS_BOUND_SOCKET_H

#include "common/net/address.h"

/* Makes a socket and binds it, without SO_REUSEADDR: a port that anybody else has in whatever state is refused with
 * UV_EADDRINUSE, never shared. Port 0: the system picks one. The caller closes *descriptor, or hands it to libuv.
 * Returns 0 or a negative UV_ code (UV_ENOTSUP: this system's libuv cannot take such a socket). */
int bound_socket_make(enum transport transport, const struct sockaddr_storage *address, uv_os_sock_t *descriptor);

/* Closes what bound_socket_make() made. */
void bound_socket_close(uv_os_sock_t descriptor);

/* The address that a socket has. Returns 0 or a negative UV_ code. */
int bound_socket_address(uv_os_sock_t descriptor, struct sockaddr_storage *address);

#endif
