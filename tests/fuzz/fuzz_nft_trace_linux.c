/* Messages of a trace, as the kernel or somebody in its place tells them. */
#include <string.h>

#include "client/check/firewall/nft_netlink_linux.h"
#include "client/check/firewall/trace_reading_linux.h"
#include "tests/fuzz/fuzz.h"

/* A netlink header, netfilter's, then attributes: table, chain, type, id. */
FUZZ_SEEDS(
    FUZZ_SEED(
        "\x3c\0\0\0\x11\x0a\0\0\0\0\0\0\0\0\0\0\1\0\0\0\6\0\1\0t\0\0\0\6\0\2\0c\0\0\0\10\0\4\0\0\0\0\3\10\0\5\0\0\0"
        "\0\1\10\0\22\0\0\0\0\0"),
    FUZZ_SEED("\x14\0\0\0\x11\x0a\0\0\0\0\0\0\0\0\0\0\2\0\0\0"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  struct trace_reading *reading = calloc(1, sizeof *reading);
  struct nft_answer answer;
  FUZZ_CHECK(reading != NULL);
  reading->own_table = "own";
  while (nft_netlink_next(&input, &length, &answer))
    trace_reading_take(reading, &answer);
  FUZZ_CHECK(reading->step_count <= TRACE_RULES_MAX);
  FUZZ_CHECK(memchr(reading->drop.table, '\0', sizeof reading->drop.table) != NULL);
  free(reading);
  return 0;
}
