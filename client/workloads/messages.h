/* What workloads of timed messages share: what is in flight on each flow, and what its replies mean for the run. */
#ifndef LOPING_CLIENT_WORKLOADS_MESSAGES_H
#define LOPING_CLIENT_WORKLOADS_MESSAGES_H

#include "client/run/run.h"
#include "client/workloads/in_flight.h"

/* The beginning of run->state, and of flow->state, of each of them. */
struct messages_run {
  uint64_t unstamped;    /* replies without the server's times */
  uint64_t last_send_ns; /* of a measured message */
};

struct messages_flow {
  struct in_flight *in_flight;
};

/* The figures of stamped messages, and how many they are. */
#define MESSAGES_FIGURES      FIGURE_RTT, FIGURE_THERE, FIGURE_SERVER, FIGURE_BACK, FIGURE_SAME_CPU, FIGURE_OTHER_CPU
#define MESSAGES_FIGURE_COUNT 6
#define MESSAGES_BYTES        64
#define MESSAGES_READ_BYTES   (64 * 1024)
#define MESSAGES_WARMUP_NS    UINT64_C(200000000)
#define MESSAGES_DURATION_NS  UINT64_C(3000000000)

/* Slots of struct workload. */
bool messages_are_possible(const struct run_plan *plan, char *problem);
enum greeting messages_greeting(const struct run_plan *plan);
int messages_prepare(struct run *run, struct flow *flow);
bool messages_are_drained(const struct flow *flow);
void messages_finish(struct run *run);

struct in_flight *messages_in_flight(const struct flow *flow);

/* A stream's reply that does not come in time ends the run; a datagram's is given up, and the workload goes on. Returns
 * how many datagrams were given up. */
size_t messages_expire(struct flow *flow, uint64_t now_ns);

/* Sends `count` messages together (see in_flight_send()), which the schedule wanted at scheduled_ns (0: no schedule);
 * false when the run failed by it. */
bool messages_send(struct flow *flow, size_t count, uint64_t scheduled_ns);

/* Takes what was read, at the moment it was read, and counts the replies. */
void messages_take(struct flow *flow, const uint8_t *bytes, size_t length, uint64_t receive_ns);

/* Counts one sound round trip into every figure of messages. */
void messages_record(struct run *run, const struct in_flight_reply *reply, uint64_t receive_ns);

#endif
