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

#define DISSECTION_MOMENTS (ANATOMY_PART_COUNT + 1)

struct dissection;

/* NULL if memory ran out. The caller frees it; NULL is ignored. */
struct dissection *dissection_create(void);
void dissection_free(struct dissection *dissection);

/* Counts one round trip, its moments in ns of one clock. The two of the kernel (1 and 6) are right within
 * kernel_error_ns and moved by as much as that, if it takes that to put them in order. False, and nothing is counted,
 * when they are not in order. */
bool dissection_add(struct dissection *dissection, const uint64_t moments[DISSECTION_MOMENTS],
                    uint64_t kernel_error_ns);

/* Would it be counted? */
bool dissection_is_ordered(const uint64_t moments[DISSECTION_MOMENTS], uint64_t kernel_error_ns);

/* Counts how long a whole send call took. */
void dissection_add_client_send(struct dissection *dissection, uint64_t ns);
void dissection_add_server_send(struct dissection *dissection, uint64_t ns);

/* All figures but the clock's and those that were left out. False when nothing was counted. */
bool dissection_result(const struct dissection *dissection, struct result_anatomy *out);

#endif
