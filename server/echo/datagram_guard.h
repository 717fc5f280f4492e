/*
 * Keeps two echo servers from bouncing one datagram for ever. The seam: datagram_guard_linux.c,
 * datagram_guard_portable.c.
 *
 * A plain datagram must come back byte for byte, so an echo cannot be marked in its bytes; it is marked in its IP
 * header instead, by a hop limit that nobody else uses. Our sockets do not take datagrams with that mark, nor what was
 * sent to many at once (broadcast, multicast), which all who hear it would answer.
 */
#ifndef LOPING_SERVER_ECHO_DATAGRAM_GUARD_H
#define LOPING_SERVER_ECHO_DATAGRAM_GUARD_H

#include <uv.h>

/* The TTL or hop limit of an echo. The usual ones are 64, 128 and 255, and on loopback none is ever lowered. */
#define DATAGRAM_GUARD_HOP_LIMIT 199

/* Marks all that a bound UDP socket sends, and lets the kernel drop what comes with the mark (socket(7),
 * SO_ATTACH_FILTER). Returns 0, UV_ENOTSUP where this system has no such filter, or another negative UV_ code; the
 * socket works on, unguarded. */
int datagram_guard_attach(uv_os_fd_t descriptor);

#endif
