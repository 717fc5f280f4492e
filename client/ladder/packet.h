/* A TCP packet as it went over the interface, from the bytes of its headers. Pure. */
#ifndef LOPING_CLIENT_LADDER_PACKET_H
#define LOPING_CLIENT_LADDER_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 9293, 3.1 */
#define PACKET_FIN 0x01
#define PACKET_SYN 0x02
#define PACKET_RST 0x04
#define PACKET_PSH 0x08
#define PACKET_ACK 0x10

struct packet {
  uint64_t at_ns;               /* CLOCK_REALTIME, the kernel's */
  uint16_t source, destination; /* ports */
  uint8_t flags;
  uint16_t window; /* as it stands there, not scaled */
  uint32_t sequence, acknowledged;
  uint32_t payload_bytes; /* by the lengths in the headers */
};

/* Reads an IPv4 or IPv6 packet from its network header on, of which `length` bytes are there. False: it is no TCP, a
 * later fragment, or its headers are not whole. Extension headers of IPv6 are not read: loopback adds none. */
bool packet_read(const uint8_t *bytes, size_t length, struct packet *packet);

/* "SYN", "PSH ACK", ...: those that are set. Returns `out`. */
#define PACKET_FLAGS_SIZE 24
const char *packet_flags(const struct packet *packet, char out[PACKET_FLAGS_SIZE]);

#endif
