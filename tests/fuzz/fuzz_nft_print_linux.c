/* A listing of nft's library. The first byte of the input is the room that there is for the line. */
#include <string.h>

#include "client/check/firewall/nft_print_linux.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(
    FUZZ_SEED("\xfftable inet t { # handle 9\n\tchain c { # handle 9\n\t\ttcp dport 80 drop # handle 9\n\t}\n}\n"),
    FUZZ_SEED("\x04\t\ttcp dport 80 drop # handle 9\n"), FUZZ_SEED("\xff # handle 9\n  # handle 9\n"),
    FUZZ_SEED("\xff\ttcp dport 80 drop comment \"a comment \"b\" # handle 9"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  if (length == 0) return 0;
  size_t out_bytes = 1 + input[0];
  char *listing = fuzz_string(input + 1, length - 1), *out = malloc(out_bytes);
  FUZZ_CHECK(out != NULL);
  if (nft_print_find_line(listing, 9, out, out_bytes)) {
    FUZZ_CHECK(memchr(out, '\0', out_bytes) != NULL && strchr(out, '\n') == NULL);
    nft_print_cut_comment(out);
    FUZZ_CHECK(memchr(out, '\0', out_bytes) != NULL && strstr(listing, out) != NULL);
  }
  free(out);
  free(listing);
  return 0;
}
