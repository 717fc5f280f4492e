/*
 * One connection and its own state, shared by the files that make one up: stream.c (reading), modes.c (what is done
 * with what was read) and output.c (writing and backpressure), all of which stand above this.
 */
#ifndef LOPING_SERVER_ECHO_CONNECTION_H
#define LOPING_SERVER_ECHO_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/io/spinner.h"
#include "common/net/address.h"
#include "server/echo/kernel_watch.h"
#include "server/echo/session.h"
#include "server/echo/unsent.h"
#include "server/threads/worker.h"

union stream_handle {
  uv_handle_t handle;
  uv_stream_t stream;
  uv_tcp_t tcp;
  uv_pipe_t pipe;
};

/* What differs between TCP and unix sockets (tcp.c, unix.c). Each returns 0 or a negative UV_ code. */
struct stream_kind {
  enum transport transport;
  int (*init)(uv_loop_t *loop, union stream_handle *handle);
  /* Takes over a connected socket, which then belongs to the handle. */
  int (*open)(union stream_handle *handle, uv_os_sock_t socket);
  /* The peer's address as text. */
  int (*write_peer)(const union stream_handle *handle, char out[ADDRESS_TEXT_SIZE]);
};

/* The kernel's, of a TCP connection (memory_guard.h). */
enum buffers {
  BUFFERS_UNTOUCHED, /* it carried little so far */
  BUFFERS_SMALL,
  BUFFERS_LARGE,
};

/* Exists only while something is unsent: an idle connection has none. */
struct writer {
  uv_write_t request; /* request.data is the connection */
  size_t request_bytes;
  size_t left_bytes; /* of the request, when that was last looked at */
  uint64_t moved_ms; /* uv_now() when the request began, or was last found to have moved */
  struct unsent unsent;
};

/* Exists only with --fault. */
struct connection_faults {
  uint64_t messages;    /* that came */
  uint64_t last_due_ns; /* of the last answer that is held */
  bool is_stopped;      /* it is read no more, for good */
};

/* Exists only with --verbose, which tells of each connection. */
struct visit {
  uint64_t opened_ns;
  char peer[ADDRESS_TEXT_SIZE];
};

struct connection {
  union stream_handle as; /* as.handle.data is this connection */
  uv_shutdown_t shutdown;
  struct worker *worker;
  const struct stream_kind *kind;
  struct connection *before, *after; /* in worker->connections */
  struct session session;
  struct writer *writer;
  struct relay *relay;              /* exists only while something stands in it; there is a writer then */
  struct kernel_watch kernel_watch; /* TCP */
  struct direct_socket direct;      /* how it is read: by the loop's poller, or asked directly */
  uint64_t active_ms;               /* uv_now() when something last moved; kept only with an idle timeout */
  uint64_t number;
  uint64_t bytes_in, bytes_out, messages;
  uint64_t bounded_at_bytes; /* what it had moved when its buffers became small */
  size_t held_bytes;         /* of answers whose moment is to come, by --fault */
  const char *close_reason;
  struct visit *visit;
  struct connection_faults *faulty; /* NULL: it serves well */
  struct http_native_times *native; /* of a stamped session, with --http */
  enum buffers buffers;
  uint8_t bulk_reads;    /* how much of late speaks for bulk.h */
  uint8_t unread_events; /* that found the one before unsent */
  bool has_place;        /* at the desk of --http, as one that watches */
  bool is_bulk;
  bool is_unfit_for_bulk; /* said the kernel */
  bool is_listed;         /* false for one that is refused */
  bool is_reading;        /* false while its unsent echo is at the bound */
  bool is_ending;         /* nothing more is read: flush, shut down, close */
  bool is_shutting_down;
  bool is_reset;
};

/* Makes one whose handle is not open yet. `reading` is how it is read: its watch() begins to read by the loop's poller,
 * and closes the connection where that fails. Returns 0 or a negative UV_ code. */
int connection_create(struct worker *worker, const struct stream_kind *kind, const struct direct_ops *reading,
                      struct connection **created);

/* Lists and counts one that was let in, and tells of it. */
void connection_enlist(struct connection *connection);

/* Closes; safe to call twice. `reason` is a string constant, the end of "closed: ...". */
void connection_close(struct connection *connection, const char *reason);

/* The same with a reset in place of an orderly end, where the transport has one. */
void connection_reset(struct connection *connection, const char *reason);

/* The same for an error of a read or write. */
void connection_fail(struct connection *connection, int code);

/* Notes that something moved. */
void connection_touch(struct connection *connection);

/* Begins to read, or again after backpressure; false: that failed, and it is closed. Ends it. */
bool connection_resume(struct connection *connection);
void connection_pause(struct connection *connection);

#endif
