/*
 * Reading a socket at once, past the event loop: what busy-polling is made of. The seam: direct_read_linux.c,
 * direct_read_portable.c (where the loop alone has to spin).
 */
#ifndef LOPING_COMMON_DIRECT_READ_H
#define LOPING_COMMON_DIRECT_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

/* Tries in one turn of a loop that spins, over all its sockets. The turn's own cost (timers, one call of the poller) is
 * that of about three tries; with more than 64 nothing more was gained. */
#define DIRECT_READ_TRIES 64
/* With more sockets than this, one call of the poller for all of them is cheaper than a try each. */
#define DIRECT_READ_SOCKETS_MAX 64

/* Can this system do it? */
bool direct_read_is_possible(void);

/* Takes what the socket has right now, at most `length` bytes: their number (0: a stream's end, or an empty datagram),
 * UV_EAGAIN when there is nothing yet, or another negative UV_ code. Never waits (recv(2), MSG_DONTWAIT). */
ssize_t direct_read(uv_os_fd_t descriptor, void *bytes, size_t length);

/* The same for one datagram, with its sender (recvfrom(2)). */
ssize_t direct_read_from(uv_os_fd_t descriptor, void *bytes, size_t length, struct sockaddr_storage *from);

#endif
