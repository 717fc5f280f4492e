/* The CPUs of the floor's echo thread on Linux: sched_setaffinity(2). */
#include <sched.h>
#include <string.h>

#include "client/run/floor_cpus_posix.h"

_Static_assert(sizeof(cpu_set_t) <= sizeof(struct floor_cpus), "a set fits");

void floor_cpus_of(uint32_t server_pid, struct floor_cpus *cpus) {
  memset(cpus, 0, sizeof *cpus);
  if (server_pid > 0 && sched_getaffinity((pid_t)server_pid, sizeof(cpu_set_t), (cpu_set_t *)cpus->set) == 0) return;
  sched_getaffinity(0, sizeof(cpu_set_t), (cpu_set_t *)cpus->set);
}

void floor_cpus_keep_to(const struct floor_cpus *cpus) {
  /* Where it may not run so, it runs wherever it may. */
  sched_setaffinity(0, sizeof(cpu_set_t), (const cpu_set_t *)cpus->set);
}
