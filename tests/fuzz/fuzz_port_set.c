/* What a check or a wait is asked for, as somebody may type it. The first byte of the input says which options stand
 * beside it. */
#include "client/check/port_set.h"

#include <string.h>

#include "tests/fuzz/words.h"

#define LONG_PATH "/0123456789012345678901234567890123456789012345678901234567890123456789"

FUZZ_SEEDS(FUZZ_SEED("\0"
                     "8080"),
           FUZZ_SEED("\0"
                     "1-1024,8080"),
           FUZZ_SEED("\0[::1]:62893"),
           FUZZ_SEED("\1"
                     "53/udp"),
           FUZZ_SEED("\2"
                     "80/tcp"),
           FUZZ_SEED("\0http://localhost:80/x"), FUZZ_SEED("\0unix:/tmp/x"), FUZZ_SEED("\0unix:@x"),
           FUZZ_SEED("\0::1:8080"), FUZZ_SEED("\0/run/x.sock"), FUZZ_SEED("\0unix:" LONG_PATH LONG_PATH),
           FUZZ_SEED("\0localhost"), FUZZ_SEED("\0"), FUZZ_SEED("\0127.0.0.1:80,"), FUZZ_SEED("\0localhost:65536"),
           FUZZ_SEED("\0"
                     "9-8"),
           FUZZ_SEED("\3"
                     "80-82,81-90,1"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  if (length == 0) return 0;
  bool is_tcp_given = (input[0] & 1) != 0, is_udp_given = (input[0] & 2) != 0, wanted[2];
  char *text = fuzz_string(input + 1, length - 1);
  char problem[PORT_SET_PROBLEM_SIZE];
  /* Static, because it is large; reading makes it empty. */
  static struct port_set set;
  if (!port_set_parse(text, &set, problem)) {
    fuzz_check_sentence(problem, sizeof problem);
  } else {
    FUZZ_CHECK(set.target.is_unix == (set.count == 0) && set.count <= 65535 &&
               !(set.count > 0 && set.has[0] && set.count > 1));
    /* All of them are counted seldom: that takes longer than the rest. */
    size_t found = 0;
    for (size_t port = 0; length % 64 == 0 && port < 65536; port++)
      found += set.has[port];
    FUZZ_CHECK(length % 64 != 0 || found == set.count);
    if (port_set_choose_transports(&set, text, is_tcp_given, is_udp_given, wanted, problem))
      FUZZ_CHECK(wanted[0] || wanted[1]);
    else
      fuzz_check_sentence(problem, sizeof problem);
  }
  free(text);
  return 0;
}
