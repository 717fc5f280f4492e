/* RFC 791, RFC 8200, RFC 9293. */
#include "client/ladder/packet.h"

#include <stdio.h>
#include <string.h>

#define TCP            6
#define IPV4_BYTES_MIN 20
#define IPV6_BYTES     40
#define TCP_BYTES_MIN  20

static uint16_t u16(const uint8_t *at) {
  return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t u32(const uint8_t *at) {
  return (uint32_t)u16(at) << 16 | u16(at + 2);
}

static bool read_tcp(const uint8_t *bytes, size_t length, size_t segment_bytes, struct packet *packet) {
  if (length < TCP_BYTES_MIN) return false;
  size_t header_bytes = (size_t)(bytes[12] >> 4) * 4;
  if (header_bytes < TCP_BYTES_MIN || header_bytes > segment_bytes) return false;
  packet->source = u16(bytes);
  packet->destination = u16(bytes + 2);
  packet->sequence = u32(bytes + 4);
  packet->acknowledged = u32(bytes + 8);
  packet->flags = bytes[13];
  packet->window = u16(bytes + 14);
  packet->payload_bytes = (uint32_t)(segment_bytes - header_bytes);
  return true;
}

static bool read_ipv4(const uint8_t *bytes, size_t length, struct packet *packet) {
  if (length < IPV4_BYTES_MIN) return false;
  size_t header_bytes = (size_t)(bytes[0] & 0x0f) * 4, total_bytes = u16(bytes + 2);
  bool is_later_fragment = (u16(bytes + 6) & 0x1fff) != 0;
  if (header_bytes < IPV4_BYTES_MIN || header_bytes > length || bytes[9] != TCP || is_later_fragment) return false;
  /* A packet that the kernel has not cut yet may be too long for its field, which is 0 then. */
  if (total_bytes == 0) total_bytes = length;
  if (total_bytes < header_bytes) return false;
  return read_tcp(bytes + header_bytes, length - header_bytes, total_bytes - header_bytes, packet);
}

static bool read_ipv6(const uint8_t *bytes, size_t length, struct packet *packet) {
  if (length < IPV6_BYTES || bytes[6] != TCP) return false;
  size_t payload_bytes = u16(bytes + 4);
  if (payload_bytes == 0) payload_bytes = length - IPV6_BYTES;
  return read_tcp(bytes + IPV6_BYTES, length - IPV6_BYTES, payload_bytes, packet);
}

bool packet_read(const uint8_t *bytes, size_t length, struct packet *packet) {
  memset(packet, 0, sizeof *packet);
  if (length == 0) return false;
  if (bytes[0] >> 4 == 4) return read_ipv4(bytes, length, packet);
  return bytes[0] >> 4 == 6 && read_ipv6(bytes, length, packet);
}

const char *packet_flags(const struct packet *packet, char out[PACKET_FLAGS_SIZE]) {
  static const struct {
    uint8_t flag;
    const char *name;
  } rows[] = {
      {PACKET_SYN, "SYN"}, {PACKET_FIN, "FIN"}, {PACKET_RST, "RST"}, {PACKET_PSH, "PSH"}, {PACKET_ACK, "ACK"},
  };
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if ((packet->flags & rows[i].flag) != 0)
      used += (size_t)snprintf(out + used, PACKET_FLAGS_SIZE - used, "%s%s", used > 0 ? " " : "", rows[i].name);
  return out;
}
