/*
 * One accepted connection, TCP or unix: reading, echoing, backpressure, half-close, sessions.
 *
 * What differs between the two transports is a small const table of functions in echo_tcp.c and echo_unix.c.
 */
#ifndef LOPING_SERVER_ECHO_STREAM_H
#define LOPING_SERVER_ECHO_STREAM_H

#include <uv.h>

#include "common/net/address.h"
#include "server/server.h"

union stream_handle {
  uv_handle_t handle;
  uv_stream_t stream;
  uv_tcp_t tcp;
  uv_pipe_t pipe;
};

/* Each returns 0 or a negative UV_ code. */
struct stream_kind {
  enum transport transport;
  int (*init)(uv_loop_t *loop, union stream_handle *handle);
  /* Takes over a connected socket, which then belongs to the handle. */
  int (*open)(union stream_handle *handle, uv_os_sock_t socket);
  /* Sets what the transport needs for prompt small messages. */
  int (*prepare)(union stream_handle *handle);
  /* The peer's address as text. */
  int (*write_peer)(const union stream_handle *handle, char out[ADDRESS_TEXT_SIZE]);
};

/* For the connection callback of a listener: accepts, or refuses and counts. */
void echo_stream_accept(uv_stream_t *listening, const struct stream_kind *kind, int status);

/* Serves a connection that another thread's loop has accepted and counted. The socket is taken over in any case. */
void echo_stream_take_over(struct server *server, const struct stream_kind *kind, uv_os_sock_t socket, uint64_t number);

/* Busy-poll: asks each connection that is asked directly once whether something has come, and handles it. True if
 * something had. */
bool echo_stream_poll_all(struct server *server);

/* Gives those of them that have been silent since since_ns (UINT64_MAX: all) back to the loop's poller. */
void echo_stream_watch_quiet(struct server *server, uint64_t since_ns);

/* No more reading; what is unsent is sent, then each connection is shut down and closed. */
void echo_stream_drain_all(struct server *server);

/* Closes all at once. Returns how many of them had unsent echo. */
uint64_t echo_stream_cut_all(struct server *server);

/* Closes those without activity for the time that the settings allow, and sets the timer for the next. */
void echo_stream_close_idle(struct server *server);

#endif
