/* A list of documented ports: as one line, and as a file. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/ports/expected.h"
#include "client/ports/port_rows.h"
#include "tests/fuzz/fuzz.h"

#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"

FUZZ_SEEDS(FUZZ_SEED("62893/tcp lopong # class demo"), FUZZ_SEED("53/udp"), FUZZ_SEED("80 nginx web"), FUZZ_SEED("# x"),
           FUZZ_SEED("8000-8100"), FUZZ_SEED("65536"), FUZZ_SEED("80/\x1b[31m \xff"),
           FUZZ_SEED("1\n2/udp\n# remark\n\n3 x y\n4\r\n65536\n5"),
           FUZZ_SEED("80 a_line_that_is_long # " LONG LONG LONG LONG LONG LONG LONG LONG LONG "\n81\n"));

static void on_bad(void *owner, uint32_t number, const char *problem) {
  uint32_t *last = owner;
  FUZZ_CHECK(number > *last && problem[0] != '\0' && strchr(problem, '\x1b') == NULL);
  *last = number;
}

/* A file in memory: one for all inputs. */
static void check_file(const uint8_t *input, size_t length) {
  static int descriptor = -1;
  static char path[64];
  struct expected_list list;
  uint32_t last_bad = 0;
  if (descriptor < 0) {
    descriptor = memfd_create("expected", MFD_CLOEXEC);
    FUZZ_CHECK(descriptor >= 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  }
  FUZZ_CHECK(ftruncate(descriptor, 0) == 0 && pwrite(descriptor, input, length, 0) == (ssize_t)length);
  FUZZ_CHECK(expected_load(path, &list, on_bad, &last_bad) == 0);
  for (size_t i = 0; i < list.count; i++)
    FUZZ_CHECK(list.ports[i].port > 0 && (i == 0 || list.ports[i].line > list.ports[i - 1].line));
  expected_free(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  check_file(input, length);
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
