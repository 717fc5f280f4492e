/*
 * The packets of one client's port as they pass the loopback interface: the seam (capture_linux.c, capture_portable.c).
 * On Linux by a packet socket (packet(7)), which needs CAP_NET_RAW.
 */
#ifndef LOPING_CLIENT_LADDER_CAPTURE_H
#define LOPING_CLIENT_LADDER_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a packet so much is kept, which is all of it but for the end of a very large one. */
#define CAPTURE_BYTES_MAX 65536

struct capture;

/* One packet from its network header on. The bytes are the capture's until the next is taken. */
struct captured {
  uint64_t at_ns; /* CLOCK_REALTIME, by the kernel */
  const uint8_t *bytes;
  size_t length; /* that are there */
  size_t whole;  /* of the packet */
};

/* Begins to keep TCP packets with this port, whichever end has it. Returns 0 or a negative UV_ code: UV_EPERM without
 * the right, UV_ENOTSUP where this system has no such socket. */
int capture_begin(uint16_t port, struct capture **capture);

/* Waits at most `wait_ms` for the next. False: none came. */
bool capture_next(struct capture *capture, int wait_ms, struct captured *packet);

/* How many came that there was no room for. */
uint64_t capture_missed(struct capture *capture);

void capture_end(struct capture *capture);

#endif
