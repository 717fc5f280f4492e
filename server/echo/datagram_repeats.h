/*
 * Finds the loop between this server and another echo server of another kind. Pure: no socket, no clock.
 *
 * What comes from an echo server are the very bytes that were sent there. A client that asks with the same bytes again
 * and again looks the same, so neither is judged soon, nor hard: after many repeats from one source one datagram is
 * left unanswered. That ends a loop for good, as nothing else keeps it going; a client loses one answer in so many.
 */
#ifndef LOPING_SERVER_ECHO_DATAGRAM_REPEATS_H
#define LOPING_SERVER_ECHO_DATAGRAM_REPEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* From a port that this machine does not lend: servers have those, and few clients. */
#define DATAGRAM_REPEATS_FROM_FIXED 1000
/* From a lent one, where nearly all clients are. */
#define DATAGRAM_REPEATS_FROM_LENT 1000000

/* How many sources and payloads are followed at a time. */
#define DATAGRAM_REPEATS_SLOTS 256

struct datagram_repeat {
  uint64_t key; /* of the source and a sample of the bytes */
  uint64_t whole_key;
  uint64_t last_ns;
  uint32_t count;
};

/* Begins as zeros. */
struct datagram_repeats {
  struct datagram_repeat slots[DATAGRAM_REPEATS_SLOTS];
};

/* Notes a datagram that came at now_ns. True: it is the `limit`-th of the same bytes from the same source, each within
 * 250 ms of the one before, and is not to be answered; the count begins anew. */
bool datagram_repeats_note(struct datagram_repeats *repeats, const struct sockaddr_storage *from, const uint8_t *bytes,
                           size_t length, uint64_t now_ns, uint32_t limit);

#endif
