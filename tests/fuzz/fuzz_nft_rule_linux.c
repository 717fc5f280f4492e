/* The expressions of a firewall's rule, as the kernel or somebody in its place tells them. */
#include <string.h>

#include "client/check/firewall/nft_message_linux.h"
#include "client/check/firewall/nft_rule_facts_linux.h"
#include "client/check/firewall/nft_rule_text_linux.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(
    FUZZ_SEED("\x1c\0\1\200\11\0\1\0meta\0\0\0\0\14\0\2\200\10\0\2\0\0\0\0\20"),
    FUZZ_SEED("\x2c\0\1\200\10\0\1\0cmp\0\x20\0\2\200\10\0\1\0\0\0\0\1\10\0\2\0\0\0\0\0\14\0\3\200\5\0\1\0\6\0\0\0"),
    FUZZ_SEED(
        "\x30\0\1\200\16\0\1\0immediate\0\0\0\x1c\0\2\200\10\0\1\0\0\0\0\0\20\0\2\200\14\0\2\200\10\0\1\0\0\0\0\0"),
    FUZZ_SEED("\x18\0\1\200\13\0\1\0reject\0\0\14\0\2\200\10\0\1\0\0\0\0\1"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  for (size_t out_bytes = 1; out_bytes <= 256; out_bytes *= 4) {
    char *out = malloc(out_bytes);
    FUZZ_CHECK(out != NULL);
    nft_rule_text(length % 11, input, length, out, out_bytes);
    FUZZ_CHECK(memchr(out, '\0', out_bytes) != NULL);
    free(out);
  }
  struct nft_rule_facts facts;
  char comment[RULE_COMMENT_SIZE];
  nft_rule_facts_read(input, length, 7777, &facts);
  FUZZ_CHECK(memchr(facts.set, '\0', sizeof facts.set) != NULL);
  nft_rule_comment_read(input, length, comment);
  FUZZ_CHECK(memchr(comment, '\0', sizeof comment) != NULL);
  return 0;
}
