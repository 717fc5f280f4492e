/* Where nobody wrote that system's own file yet: the floor's echo thread runs wherever it may. */
#include "client/run/floor_cpus_posix.h"

void floor_cpus_of(uint32_t server_pid, struct floor_cpus *cpus) {
  (void)server_pid;
  (void)cpus;
}

void floor_cpus_keep_to(const struct floor_cpus *cpus) {
  (void)cpus;
}
