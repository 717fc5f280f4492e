/*
 * Reading and writing a socket at once, past the event loop: what busy-polling is made of. The seam: direct_io_posix.c,
 * direct_io_portable.c (where the loop alone has to spin).
 */
#ifndef LOPING_COMMON_IO_DIRECT_IO_H
#define LOPING_COMMON_IO_DIRECT_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

/* Tries in one turn of a loop that spins, over all its sockets. The turn's own cost (timers, one call of the poller) is
 * that of about three tries; with more than 64 nothing more was gained. */
#define DIRECT_IO_TRIES 64
/* With more sockets than this, one call of the poller for all of them is cheaper than a try each. */
#define DIRECT_IO_SOCKETS_MAX 64

/* Can this system do it? */
bool direct_io_is_possible(void);

/* Takes what the socket has right now, at most `length` bytes: their number (0: a stream's end, or an empty datagram),
 * UV_EAGAIN when there is nothing yet, or another negative UV_ code. Never waits (recv(2), MSG_DONTWAIT). */
ssize_t direct_read(uv_os_fd_t descriptor, void *bytes, size_t length);

/* The same for one datagram, with its sender (recvfrom(2)). */
ssize_t direct_read_from(uv_os_fd_t descriptor, void *bytes, size_t length, struct sockaddr_storage *from);

/* Gives the socket what it takes right now: the number of bytes, UV_EAGAIN when it takes none, or another negative UV_
 * code. Never waits and raises no signal (send(2), MSG_DONTWAIT and MSG_NOSIGNAL). Only while nothing is queued in the
 * socket's libuv handle, or the order is lost.
 *
 * Why not uv_udp_try_send(): sendmsg(2) copies two structures from the program, a twentieth of a spinning round trip
 * over UDP on both sides together (1.093 : 1.033 times a bare C program's); over TCP and unix sockets it is a
 * hundredth.
 */
ssize_t direct_write(uv_os_fd_t descriptor, const void *bytes, size_t length);

/* The same for one datagram to `to` (sendto(2)). */
ssize_t direct_write_to(uv_os_fd_t descriptor, const void *bytes, size_t length, const struct sockaddr_storage *to);

#endif
