/* What a run has done so far, flow by flow: the one account that every sentence on its failure is made of. */
#ifndef LOPING_CLIENT_RUN_ACCOUNT_H
#define LOPING_CLIENT_RUN_ACCOUNT_H

#include <stdbool.h>

#include "client/run/run.h"

/* Bytes of the workload have come on the flow (of direction up: have left). */
static inline void account_add_bytes(struct flow *flow, size_t bytes) {
  flow->account.bytes += bytes;
  flow->account.last_ms = uv_now(&flow->run->loop);
}

/* The bytes of all flows so far. */
uint64_t account_sum_bytes(const struct run *run);

/* Sums up, at the moment of a failure. `flow`: the one that it befell, or NULL. `is_silent`: nothing came on it for the
 * time limit, and so the others on which nothing came either count as well. */
void account_make(const struct run *run, const struct flow *flow, bool is_silent, struct run_account *out);

#endif
