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

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  struct packet packets[2];
  struct ends ends;
  char flags[PACKET_FLAGS_SIZE];
  if (!packet_read(input, length, &packets[0])) return 0;
  FUZZ_CHECK(length >= 40);
  FUZZ_CHECK(packets[0].payload_bytes <= 65535 || packets[0].payload_bytes <= length);
  FUZZ_CHECK(strlen(packet_flags(&packets[0], flags)) < sizeof flags);
  packets[1] = packets[0];
  ends_begin(&ends, true);
  for (size_t i = 0; i < 2; i++) {
    bool has_arrived = ends_has_arrived(packets, 2, i, packets[0].source);
    ends_take(&ends, &packets[i], i == 0, has_arrived);
    FUZZ_CHECK(end_state_name(ends.client.state) != NULL && end_state_name(ends.server.state) != NULL);
  }
  return 0;
}
