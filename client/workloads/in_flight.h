/*
 * The messages in flight on one connection: which were sent, which came back, and whether byte for byte.
 *
 * On a stream replies come in the order of the requests. Datagrams may be lost, doubled or swapped; each carries its
 * sequence number, and the answered ones are remembered for the last IN_FLIGHT_MEMORY of them.
 */
#ifndef LOPING_CLIENT_WORKLOADS_IN_FLIGHT_H
#define LOPING_CLIENT_WORKLOADS_IN_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/result/result.h"
#include "client/run/connection.h"
#include "common/wire/fault_report.h"
#include "common/wire/pattern.h"

#define IN_FLIGHT_MEMORY 4096
/* Of the messages that were given up, so many are remembered, so that a late answer counts with its time. */
#define IN_FLIGHT_LATE_MEMORY 1024

struct in_flight;

/* One answered message. */
struct in_flight_reply {
  uint64_t sequence;
  uint64_t send_ns;      /* just before the send call */
  uint64_t scheduled_ns; /* when the open loop's schedule wanted it; send_ns in a closed loop */
  bool is_measured;      /* it was sent after the warm-up */
  bool is_stamped;       /* the server's times below are there, and lie between sending and receiving */
  uint64_t server_receive_ns;
  uint64_t server_send_ns;
  uint16_t server_cpu;
};

/* Called for each reply that answers a message and is byte for byte right. */
typedef void in_flight_on_reply(void *owner, const struct in_flight_reply *reply);

/* Makes room for `depth` messages of `bytes` each, filled with pattern. What goes wrong is counted in `errors`, which
 * must outlive it. NULL if memory ran out. The caller frees it after its connection is closed. */
struct in_flight *in_flight_create(size_t bytes, size_t depth, const struct pattern *pattern,
                                   struct result_errors *errors);
void in_flight_free(struct in_flight *in_flight);

/* From now on each message leaves in so many send calls (at least 1), of about equal size. */
void in_flight_split_writes(struct in_flight *in_flight, size_t writes);

/* From now on the server is one that fails on purpose: what it says of a reply is counted in `seen`
 * (WIRE_FAULT_COUNT of them), which must outlive it, and a stream's frames may be missing, doubled or cut short. */
void in_flight_expect_faults(struct in_flight *in_flight, struct wire_fault_count *seen);
bool in_flight_expects_faults(const struct in_flight *in_flight);

/* Messages that wait for their reply, and whether one more may be sent. */
size_t in_flight_count(const struct in_flight *in_flight);
bool in_flight_has_room(const struct in_flight *in_flight);

/* How many may be sent now. */
size_t in_flight_room(const struct in_flight *in_flight);

/* Sends the next `count` messages (at least 1, and not more than there is room for), stamped with the time just before
 * the send call, which is *send_ns. More than one leave together, in as few send calls as can be: streams only, and not
 * with in_flight_split_writes(). `scheduled_ns` is the moment that a schedule named, or 0 without one. Returns 0 or a
 * UV_ code. */
int in_flight_send(struct in_flight *in_flight, struct connection *connection, size_t count, bool is_measured,
                   uint64_t scheduled_ns, uint64_t *send_ns);

/* Takes what a stream delivered at receive_ns. What comes while nothing is waited for counts as one corrupted echo. */
void in_flight_take_stream(struct in_flight *in_flight, const uint8_t *bytes, size_t length, uint64_t receive_ns,
                           in_flight_on_reply *on_reply, void *owner);

/* Takes one datagram. */
void in_flight_take_datagram(struct in_flight *in_flight, const uint8_t *bytes, size_t length, uint64_t receive_ns,
                             in_flight_on_reply *on_reply, void *owner);

/* When the message that waits longest was sent; UINT64_MAX when none waits. */
uint64_t in_flight_oldest_send_ns(const struct in_flight *in_flight);

/* Datagrams, and streams with faults: gives up every message sent before `send_ns`, counts it as timed out and, until
 * its answer comes after all, as lost. Returns how many, and the last one's sequence in *sequence. */
size_t in_flight_expire(struct in_flight *in_flight, uint64_t send_ns, uint64_t *sequence);

/* Answers that came so late that nobody remembers when their message was sent: they are not lost, and have no time. */
uint64_t in_flight_untimed(const struct in_flight *in_flight);

/* Replies whose stamps did not lie between sending and receiving. */
uint64_t in_flight_bad_stamps(const struct in_flight *in_flight);

#endif
