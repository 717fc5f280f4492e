/*
 * One round trip cut into its parts, many times over. Pure: moments in, distributions out.
 *
 *   client: send -----\                                        /--> kernel -> awake -> asked -> read
 *   server:            \--> kernel -> awake -> asked -> read -> send
 *           moment 0        1         2        3        4       5     6        7        8       9
 *
 * Part i is from moment i to moment i + 1, so the parts of each round trip add up to it exactly.
 */
#ifndef LOPING_CLIENT_WORKLOADS_PARTS_H
#define LOPING_CLIENT_WORKLOADS_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "client/result/result.h"

#define PARTS_MOMENTS (ANATOMY_PART_COUNT + 1)

struct parts;

/* NULL if memory ran out. The caller frees it; NULL is ignored. */
struct parts *parts_create(void);
void parts_free(struct parts *parts);

/* Counts one round trip, its moments in ns of one clock. The two of the kernel (1 and 6) are right within
 * kernel_error_ns and moved by as much as that, if it takes that to put them in order. False, and nothing is counted,
 * when they are not in order. */
bool parts_add(struct parts *parts, const uint64_t moments[PARTS_MOMENTS], uint64_t kernel_error_ns);

/* Would it be counted? */
bool parts_is_ordered(const uint64_t moments[PARTS_MOMENTS], uint64_t kernel_error_ns);

/* Counts how long a whole send call took. */
void parts_add_client_send(struct parts *parts, uint64_t ns);
void parts_add_server_send(struct parts *parts, uint64_t ns);

/* All figures but the clock's and those that were left out. False when nothing was counted. */
bool parts_result(const struct parts *parts, struct distribution figures[FIGURE_COUNT]);

#endif
