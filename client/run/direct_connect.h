/*
 * Connecting without the event loop, where that can be done at once: on loopback the three packets of a handshake are
 * through before connect(2) returns, though it says EINPROGRESS. The loop would be told of it by four system calls
 * more. The seam: direct_connect_posix.c, direct_connect_portable.c (none).
 */
#ifndef LOPING_CLIENT_RUN_DIRECT_CONNECT_H
#define LOPING_CLIENT_RUN_DIRECT_CONNECT_H

#include <stdbool.h>
#include <uv.h>

struct direct_connection {
  uv_os_sock_t socket; /* the caller's */
  bool is_connected;   /* false: it is under way, or has failed; who writes learns which */
};

/* Begins to connect a TCP socket of its own, from `source` (NULL: the system picks), that does not block. Returns 0 or
 * a negative UV_ code: UV_ENOTSUP where this system cannot. */
int direct_connect(const struct sockaddr *to, const struct sockaddr *source, struct direct_connection *out);

/* Closes a socket that nobody has taken over. */
void direct_connect_close(uv_os_sock_t socket);

#endif
