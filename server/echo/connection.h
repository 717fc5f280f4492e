/*
 * The connection's own state, shared by the files that make one up: echo_stream.c (its life), stream_output.c (writing
 * and backpressure) and stream_modes.c (what is done with what was read).
 */
#ifndef LOPING_SERVER_ECHO_CONNECTION_H
#define LOPING_SERVER_ECHO_CONNECTION_H

#include "server/echo/kernel_watch.h"
#include "server/echo/session.h"
#include "server/echo/stream.h"
#include "server/echo/unsent.h"

/* Exists only while something is unsent: an idle connection has none. */
struct writer {
  uv_write_t request; /* request.data is the connection */
  size_t request_bytes;
  struct unsent unsent;
};

struct connection {
  union stream_handle as; /* as.handle.data is this connection */
  uv_shutdown_t shutdown;
  struct server *server;
  const struct stream_kind *kind;
  struct connection *before, *after; /* in server->connections */
  struct session session;
  struct writer *writer;
  struct kernel_watch kernel_watch; /* TCP */
  uv_os_fd_t descriptor;            /* while it is_direct */
  ssize_t discarded;                /* unread sink: what the alloc callback did in place of a read */
  uint64_t heard_ns;                /* while it is_direct: the spinning turn in which something last came */
  uint64_t active_ms;               /* uv_now() when something last moved; kept only with an idle timeout */
  uint64_t opened_ns;
  uint64_t number;
  uint64_t bytes_in, bytes_out, messages;
  const char *close_reason;
  char *peer;      /* only with --verbose; otherwise NULL */
  bool is_listed;  /* false for one that is refused */
  bool is_reading; /* false while its unsent echo is at the bound */
  bool is_direct;  /* busy-poll: asked directly, and not watched by the loop's poller */
  bool is_ending;  /* nothing more is read: flush, shut down, close */
  bool is_shutting_down;
};

/* Closes; safe to call twice. `reason` is a string constant, the end of "closed: ...". */
void connection_close(struct connection *connection, const char *reason);

/* The same for an error of a read or write. */
void connection_fail(struct connection *connection, int code);

/* Notes that something moved. */
void connection_touch(struct connection *connection);

/* Sends `bytes` now as far as the socket takes them, and keeps the rest in order. They may be overwritten after the
 * call. A failure closes the connection; returns false then. */
bool stream_output_send(struct connection *connection, const uint8_t *bytes, size_t length);

/* The source mode: sends the endless pattern, for a bounded while at a time. */
void stream_output_pump(struct connection *connection);

/* Nothing more will be sent after what is unsent: flush, shut down, close. */
void stream_output_finish(struct connection *connection, const char *reason);

/* Bytes of echo that the connection holds. */
size_t stream_output_held_bytes(const struct connection *connection);

/* Begins to read, or again after backpressure; ends it. */
bool connection_resume(struct connection *connection);
void connection_pause(struct connection *connection);

/* What to do with bytes, and with the end of the input, in the session's mode. `bytes` lie in the server's buffer,
 * after the partial frame that the session keeps; they may be changed. `receive_ns`: when the read callback began; 0 in
 * plain echo, which does not need it. */
void stream_modes_take(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns);
void stream_modes_take_end(struct connection *connection);

/* Does unsent echo bound the reading? False in the modes that discard what they read. */
bool stream_modes_is_bounded(const struct connection *connection);

#endif
