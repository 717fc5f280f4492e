/* Where the floor's echo thread may run: where the server may. POSIX has no call for it, so Linux has a file of its
 * own. */
#ifndef LOPING_CLIENT_RUN_FLOOR_CPUS_POSIX_H
#define LOPING_CLIENT_RUN_FLOOR_CPUS_POSIX_H

#include <stdint.h>

struct floor_cpus {
  unsigned long set[128 / sizeof(unsigned long)];
};

/* The CPUs that process `server_pid` may use, or those of this thread where it is 0 or does not tell. */
void floor_cpus_of(uint32_t server_pid, struct floor_cpus *cpus);

/* The calling thread runs on these from now on. */
void floor_cpus_keep_to(const struct floor_cpus *cpus);

#endif
