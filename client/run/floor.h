/*
 * The floor of a round trip that sleeps: two bare threads of this process, blocking send and recv, no event loop. What
 * this machine can do at best with the same payload over the same transport. The seam: floor_posix.c, and
 * floor_portable.c, which says that it is not there.
 *
 *   the caller's thread:  send ... recv          the echo thread:  recv, send
 */
#ifndef LOPING_CLIENT_RUN_FLOOR_H
#define LOPING_CLIENT_RUN_FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/stats/histogram.h"
#include "common/net/address.h"

struct floor;

/* Can it be measured here at all? */
bool floor_exists(void);

/* Connects the two threads as `like` does (TCP and UDP: over its family's loopback address, by a port that the system
 * picks; unix: a socket pair) and starts the echo thread. It may run where process `server_pid` may (0: wherever this
 * thread may). Returns 0 or a negative UV_ code and no floor. */
int floor_open(const struct endpoint *like, size_t bytes, uint32_t server_pid, struct floor **floor);

/* Sends and receives for `duration_ns`, and counts each round trip in `rtt`, which may be NULL. Blocks the caller.
 * `*same_cpu` grows by those in which both threads ran on one CPU. Returns 0 or a negative UV_ code: it cannot go
 * on then. */
int floor_run(struct floor *floor, uint64_t duration_ns, struct histogram *rtt, uint64_t *same_cpu);

/* Ends the echo thread. NULL is ignored. */
void floor_close(struct floor *floor);

#endif
