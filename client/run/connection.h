/*
 * One connection to the peer, whatever its transport: TCP, a connected UDP socket, or a unix socket. The only place in
 * the client that knows libuv's stream and datagram handles; workloads see bytes and moments.
 */
#ifndef LOPING_CLIENT_RUN_CONNECTION_H
#define LOPING_CLIENT_RUN_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/io/kernel_times.h"
#include "common/io/spinner.h"
#include "common/net/address.h"

/* The status of a connection whose two ends are the same socket. */
#define CONNECTION_REACHED_ITSELF UV_ELOOP

struct connection;

/* What happens on a connection. `owner` is what connection_open() was given. Any of them may close the connection. */
struct connection_events {
  /* Connected (status 0), or not (a negative UV_ code, or CONNECTION_REACHED_ITSELF). A success may be told before
   * connection_open() returns. */
  void (*on_open)(void *owner, int status);
  /* Bytes were read; of UDP exactly one datagram. They are the owner's until it returns. */
  void (*on_bytes)(void *owner, const uint8_t *bytes, size_t length);
  /* Everything that was sent has been handed to the kernel, after a send that could not be at once. */
  void (*on_sent)(void *owner);
  /* The peer closed its side (UV_EOF), or the connection failed. Nothing more is read. */
  void (*on_end)(void *owner, int code);
};

/* Memory that every connection of a loop reads into, one at a time. */
struct read_buffer {
  uint8_t *bytes;
  size_t length;
};

/* What is not usual about a connection. */
struct connection_options {
  const struct sockaddr_storage *source; /* the local address to connect from (TCP); NULL: the system picks */
  bool keeps_nagle;                      /* leave Nagle's algorithm on (TCP) */
  bool cannot_reach_itself;              /* the system lends nobody the port that it goes to: that is not looked at */
};

/* Begins to connect; `options` may be NULL. `events` and `buffer` must outlive the connection. Returns 0, or a negative
 * UV_ code and no connection. Without `keeps_nagle` Nagle's algorithm is switched off for TCP. */
int connection_open(uv_loop_t *loop, const struct endpoint *endpoint, const struct connection_events *events,
                    const struct connection_options *options, const struct read_buffer *buffer, void *owner,
                    struct connection **result);

/* Sends `length` bytes: at once what the kernel takes, the rest as soon as it can. `bytes` must stay as they are until
 * connection_is_sending() is false. Returns 0 or a negative UV_ code. */
int connection_send(struct connection *connection, const uint8_t *bytes, size_t length);

/* The same, but on_sent always follows, in a later turn of the loop: for senders that never pause. */
int connection_send_paced(struct connection *connection, const uint8_t *bytes, size_t length);

/* The same for bytes that a file holds too, at `offset` (zero_copy_file_create()): the kernel sends the file's pages
 * without a copy, but for a last few KiB that are sent as usual, since only they tell when there is room again. */
int connection_send_file(struct connection *connection, uv_file file, uint64_t offset, const uint8_t *bytes,
                         size_t length);

/* From now on little stands unsent in the socket (unsent_bound.h). Nothing for what is not TCP. */
void connection_bound_unsent(struct connection *connection);

/* From now on what comes is discarded unread (TCP, where zero_copy_is_possible()): on_bytes gets NULL for bytes. */
void connection_discard(struct connection *connection);

/* Notes from now on when the kernel received what is read (TCP and UDP). Returns 0 or a negative UV_ code. */
int connection_watch_kernel_times(struct connection *connection);

/* Of the latest read. */
const struct kernel_times *connection_kernel_times(const struct connection *connection);

/* For busy-polling: the spinner asks the connection's socket from now on, past the loop's poller, and what comes is
 * passed on as an event. */
void connection_ask_directly(struct connection *connection, struct spinner *spinner);

/* Says that no more will be sent (TCP FIN), after what is being sent. Nothing for UDP. */
int connection_finish(struct connection *connection);

/* Closes at once and forgets the owner: no event follows. The memory is freed later, in the loop. NULL is ignored. */
void connection_close(struct connection *connection);

#endif
