/* A line of a list of documented ports. */
#include <string.h>

#include "client/ports/expected.h"
#include "client/ports/port_rows.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("62893/tcp lopong # class demo"), FUZZ_SEED("53/udp"), FUZZ_SEED("80 nginx web"), FUZZ_SEED("# x"),
           FUZZ_SEED("8000-8100"), FUZZ_SEED("65536"), FUZZ_SEED("80/\x1b[31m \xff"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  char problem[EXPECTED_PROBLEM_SIZE] = "";
  struct expected_port port;
  switch (expected_read_line(text, &port, problem)) {
    case EXPECTED_LINE_PORT:
      FUZZ_CHECK(port.port > 0 && (port.allows_tcp || port.allows_udp));
      FUZZ_CHECK(strlen(port.process) < sizeof(port.process));
      break;
    case EXPECTED_LINE_BAD:
      FUZZ_CHECK(problem[0] != '\0' && strchr(problem, '\x1b') == NULL);
      break;
    case EXPECTED_LINE_EMPTY:
      FUZZ_CHECK(text[strspn(text, " \t\r")] == '\0' || text[strspn(text, " \t\r")] == '#');
      break;
  }
  free(text);
  return 0;
}
