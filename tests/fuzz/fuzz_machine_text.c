/* The lines of /proc and /sys that tell of the machine and of a process's cgroup. The first byte of the input is the
 * room that there is for what is copied. */
#include "client/result/machine_text.h"

#include <string.h>

#include "common/sockets/origin.h"
#include "tests/fuzz/fuzz.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

FUZZ_SEEDS(FUZZ_SEED("\x10"
                     "cpu  100 2 300 4000 5 6 7 8 9 10"),
           FUZZ_SEED("\x08"
                     "4711 (lopong) S 1 4711 4711 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0"),
           FUZZ_SEED("\x05"
                     "flags\t\t: fpu vme hypervisor de"),
           FUZZ_SEED("\x20  always [madvise] never\n"), FUZZ_SEED("\x20/system.slice/nginx.service"),
           FUZZ_SEED("\x20/user.slice/user-1000.slice/user@1000.service/app.slice/x.service"),
           FUZZ_SEED("\x20/system.slice/docker-" ID ".scope"), FUZZ_SEED("\x20/kubepods/burstable/pod1/" ID),
           FUZZ_SEED("\x20/machine/other-" ID "/x.service"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  if (length == 0) return 0;
  size_t out_bytes = 1 + input[0];
  char *text = fuzz_string(input + 1, length - 1), *out = malloc(out_bytes);
  struct machine_cpu_times times;
  struct machine_process process;
  FUZZ_CHECK(out != NULL);
  (void)machine_text_read_cpu_times(text, 100, &times);
  (void)machine_text_read_process(text, "lopong", 100, &process);
  if (machine_text_has_word(text, "hypervisor")) FUZZ_CHECK(strstr(text, "hypervisor") != NULL);
  machine_text_copy_trimmed(text, out, out_bytes);
  FUZZ_CHECK(strlen(out) < out_bytes);
  struct process_origin origin;
  memset(&origin, 0, sizeof origin);
  origin_read_cgroup(text, &origin);
  FUZZ_CHECK(memchr(origin.unit, '\0', sizeof origin.unit) != NULL);
  FUZZ_CHECK(memchr(origin.container, '\0', sizeof origin.container) != NULL);
  FUZZ_CHECK(origin.container[0] == '\0' || (origin.runtime[0] != '\0' && origin.unit[0] == '\0'));
  free(out);
  free(text);
  return 0;
}
