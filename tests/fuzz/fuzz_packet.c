/* The headers of a packet that was captured, whoever sent it. */
#include <string.h>

#include "client/ladder/ends.h"
#include "client/ladder/packet.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(
    FUZZ_SEED("\x45\0\0\x2b\0\0\x40\0\x40\x06\0\0\x7f\0\0\x01\x7f\0\0\x01\x9c\x40\0\x07\x01\x02\x03\x04\x05\x06\x07\x08"
              "\x50\x18\x02\0\0\0\0\0abc"),
    FUZZ_SEED("\x60\0\0\0\0\x14\x06\x40\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
              "\x9c\x40\0\x07\x01\x02\x03\x04\0\0\0\0\x50\x02\x02\0\0\0\0\0"),
    FUZZ_SEED("\x46\0\0\x2c\0\0\0\0\x40\x06\0\0\x7f\0\0\x01\x7f\0\0\x01\0\0\0\0\0\x07\x9c\x40\0\0\0\0\0\0\0\0\x50\x14\0"
              "\0\0\0\0\0"));

#define PACKETS_MAX   16
#define CHANGED_BYTES 3

/* The packets after the first: each is the first with other flags and numbers, and maybe the other way. */
static size_t read_more(const uint8_t *input, size_t length, struct packet *packets) {
  size_t count = 1;
  for (size_t at = 0; at + CHANGED_BYTES <= length && count < PACKETS_MAX; at += CHANGED_BYTES, count++) {
    struct packet *packet = &packets[count];
    *packet = packets[0];
    packet->flags = input[at];
    if ((input[at] & 0x80) != 0) {
      packet->source = packets[0].destination;
      packet->destination = packets[0].source;
    }
    packet->sequence += (uint32_t)(int8_t)input[at + 1];
    packet->acknowledged += (uint32_t)(int8_t)input[at + 2];
  }
  return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  struct packet packets[PACKETS_MAX];
  struct ends ends;
  char flags[PACKET_FLAGS_SIZE];
  if (!packet_read(input, length, &packets[0])) return 0;
  FUZZ_CHECK(length >= 40);
  FUZZ_CHECK(packets[0].payload_bytes <= 65535 || packets[0].payload_bytes <= length);
  FUZZ_CHECK(strlen(packet_flags(&packets[0], flags)) < sizeof flags);
  size_t count = read_more(input + 40, length - 40, packets);
  ends_begin(&ends, true);
  for (size_t i = 0; i < count; i++) {
    bool has_arrived = ends_has_arrived(packets, count, i, packets[0].source);
    ends_take(&ends, &packets[i], packets[i].source == packets[0].source, has_arrived);
    FUZZ_CHECK(end_state_name(ends.client.state) != NULL && end_state_name(ends.server.state) != NULL);
  }
  return 0;
}
