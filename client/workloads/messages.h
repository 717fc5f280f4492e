/* What workloads of timed messages share: their flow's in_flight, and what its replies mean for the run. */
#ifndef LOPING_CLIENT_WORKLOADS_MESSAGES_H
#define LOPING_CLIENT_WORKLOADS_MESSAGES_H

#include "client/run/run.h"

/* Slots of struct workload. */
enum greeting messages_greeting(const struct run_plan *plan);
int messages_prepare(struct run *run, struct flow *flow);
bool messages_is_drained(const struct flow *flow);
/* A stream's reply that does not come in time ends the run; a datagram's is given up, and the workload goes on. Returns
 * how many datagrams were given up. */
size_t messages_expire(struct flow *flow, uint64_t now_ns);

/* Sends `count` messages together (see in_flight_send()), which the schedule wanted at scheduled_ns (0: no schedule);
 * false when the run failed by it. */
bool messages_send(struct flow *flow, size_t count, uint64_t scheduled_ns);

/* Takes what was read, at the moment it was read, and counts the replies. */
void messages_take(struct flow *flow, const uint8_t *bytes, size_t length, uint64_t receive_ns);

#endif
