/*
 * The sockets that are bound: one per row of the plan, opened all or none.
 *
 * What differs between TCP, UDP and unix sockets is one const table of functions each, in its own file.
 */
#ifndef LOPING_SERVER_LISTEN_LISTENERS_H
#define LOPING_SERVER_LISTEN_LISTENERS_H

#include <uv.h>

#include "server/echo/kernel_watch.h"
#include "server/listen/plan.h"

struct server;
struct listener;

union listener_handle {
  uv_handle_t handle;
  uv_stream_t stream;
  uv_tcp_t tcp;
  uv_pipe_t pipe;
  uv_udp_t udp;
};

/* Each returns 0 or a negative UV_ code. */
struct listener_kind {
  int (*init)(uv_loop_t *loop, union listener_handle *handle);
  /* Takes the address. A code that libuv holds back until listen() must come out here. */
  int (*bind)(union listener_handle *handle, const struct plan_row *row);
  /* Asks which address was taken, for a port that the system picked. */
  int (*ask_address)(union listener_handle *handle, struct endpoint *endpoint);
  /* Begins to receive. */
  int (*start)(union listener_handle *handle);
  /* Datagrams: asks directly whether one has come, and handles it. NULL elsewhere. */
  bool (*poll)(union listener_handle *handle);
  /* Ends the direct asking: the loop's poller watches it again. NULL elsewhere. */
  int (*watch)(union listener_handle *handle);
};

struct listener {
  union listener_handle as; /* as.handle.data is this listener */
  struct server *server;
  const struct listener_kind *kind;
  size_t row;                             /* of the plan */
  bool is_direct;                         /* UDP, busy-poll: asked directly, not watched by the loop's poller */
  uv_os_fd_t descriptor;                  /* while it is */
  uint64_t heard_ns;                      /* while it is: the spinning turn in which something last came */
  struct kernel_watch kernel_watch;       /* UDP */
  struct sockaddr_storage watched_client; /* that the kernel times were last for */
};

extern const struct listener_kind echo_tcp_listener;
extern const struct listener_kind echo_unix_listener;
extern const struct listener_kind echo_udp_listener;

/* Opens every row of the server's plan that is not left out: binds all, then starts all. With port 0 the first row's
 * socket picks a number, which is written to the whole plan. A ::1 of "localhost" that cannot be had because IPv6 is
 * off is marked as left out. Returns 0, or the code of the first failure with its row in `failed_row`; then none is
 * open. */
int listeners_open(struct server *server, size_t *failed_row);

/* Busy-poll: asks every socket of datagrams that is asked directly once. True if something had come. */
bool listeners_poll(struct server *server);

/* Gives those of them that have been silent since since_ns (UINT64_MAX: all) back to the loop's poller. */
void listeners_watch_quiet(struct server *server, uint64_t since_ns);

/* Closes all, or one. The loop must run for their memory to be freed. */
void listeners_close(struct server *server);
void listeners_close_row(struct server *server, size_t row);

/* After an error of accept(): closes this one, and opens it again as soon as that works. libuv would call back with the
 * same error without end and never serve anyone else. */
void listeners_suspend(struct listener *listener, int code);

#endif
