/*
 * The messages in flight on one connection: which were sent, which came back, and whether byte for byte.
 *
 * On a stream replies come in the order of the requests. Datagrams may be lost, doubled or swapped; each carries its
 * sequence number, and the answered ones are remembered for the last EXCHANGE_MEMORY of them.
 */
#ifndef LOPING_CLIENT_WORKLOADS_IN_FLIGHT_H
#define LOPING_CLIENT_WORKLOADS_IN_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/run/connection.h"
#include "client/result/result.h"
#include "common/wire/pattern.h"

#define EXCHANGE_MEMORY 4096

struct exchange;

/* One answered message. */
struct exchange_reply {
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
typedef void exchange_on_reply(void *owner, const struct exchange_reply *reply);

/* Makes room for `depth` messages of `bytes` each, filled with pattern. What goes wrong is counted in `errors`, which
 * must outlive it. NULL if memory ran out. The caller frees it after its connection is closed. */
struct exchange *exchange_create(size_t bytes, size_t depth, const struct pattern *pattern,
                                 struct result_errors *errors);
void exchange_free(struct exchange *exchange);

/* From now on each message leaves in so many send calls (at least 1), of about equal size. */
void exchange_split_writes(struct exchange *exchange, size_t writes);

/* Messages that wait for their reply, and whether one more may be sent. */
size_t exchange_in_flight(const struct exchange *exchange);
bool exchange_has_room(const struct exchange *exchange);

/* How many may be sent now. */
size_t exchange_room(const struct exchange *exchange);

/* Sends the next `count` messages (at least 1, and not more than there is room for), stamped with the time just before
 * the send call, which is *send_ns. More than one leave together, in as few send calls as can be: streams only, and not
 * with exchange_split_writes(). `scheduled_ns` is the moment that a schedule named, or 0 without one. Returns 0 or a
 * UV_ code. */
int exchange_send(struct exchange *exchange, struct connection *connection, size_t count, bool is_measured,
                  uint64_t scheduled_ns, uint64_t *send_ns);

/* Takes what a stream delivered at receive_ns. What comes while nothing is waited for counts as one corrupted echo. */
void exchange_take_stream(struct exchange *exchange, const uint8_t *bytes, size_t length, uint64_t receive_ns,
                          exchange_on_reply *on_reply, void *owner);

/* Takes one datagram. */
void exchange_take_datagram(struct exchange *exchange, const uint8_t *bytes, size_t length, uint64_t receive_ns,
                            exchange_on_reply *on_reply, void *owner);

/* When the message that waits longest was sent; UINT64_MAX when none waits. */
uint64_t exchange_oldest_send_ns(const struct exchange *exchange);

/* Datagrams: gives up every message sent before `send_ns`, counts it as timed out and, until its answer comes after
 * all, as lost. Returns how many, and the last one's sequence in *sequence. */
size_t exchange_expire(struct exchange *exchange, uint64_t send_ns, uint64_t *sequence);

/* Replies whose stamps did not lie between sending and receiving. */
uint64_t exchange_bad_stamps(const struct exchange *exchange);

#endif
