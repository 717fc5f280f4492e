/* A table of iptables' old interface whose bytes are anything: two moments of it, the second with one byte changed. */
#include <string.h>

#include "client/check/firewall/legacy_table_linux.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("\0"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  unsigned char *first = malloc(length + 1), *second = malloc(length + 1);
  struct legacy_rule rule;
  FUZZ_CHECK(first != NULL && second != NULL);
  memcpy(first, input, length);
  memcpy(second, input, length);
  if (length > 96) second[96]++;
  for (int is_ipv6 = 0; is_ipv6 <= 1; is_ipv6++) {
    struct legacy_table before = {
        .name = "filter", .is_ipv6 = is_ipv6 != 0, .hooks = 0x0e, .length = length, .bytes = first};
    struct legacy_table after = before;
    after.bytes = second;
    if (legacy_table_find(&before, &after, TRANSPORT_TCP, 7777, &rule))
      FUZZ_CHECK(memchr(rule.chain, '\0', sizeof rule.chain) != NULL);
  }
  free(first);
  free(second);
  return 0;
}
