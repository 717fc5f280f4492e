/*
 * The sockets that are bound: one per row of the plan, opened all or none.
 *
 * What is done with what comes is not known here: each row of the plan has its service, given by the root.
 */
/* clang-format off */
/*
 *   serving --accept(2) or recvmsg(2) fails for want of something--> pausing: the socket stays open, what comes waits
 *      ^                                                                |   in its queue
 *      \__________________ every 100 ms it is tried again _____________/
 *                           (without a descriptor for 1 s: who waits is closed)
 */
/* clang-format on */
#ifndef LOPING_SERVER_LISTEN_LISTENERS_H
#define LOPING_SERVER_LISTEN_LISTENERS_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "server/listen/plan.h"
#include "server/listen/unix_path.h"

struct listener;
struct worker;

/* What is done with what comes to a bound socket. Streams have the first, datagrams the other two. */
struct listener_service {
  /* Takes over a connection. Returns 0, or the code of why not: then its socket is closed. */
  int (*accept)(struct worker *worker, uv_os_sock_t socket);
  /* Begins to receive; the handle's `data` is the service's until end(). Where receiving fails later, it stops and
   * calls on_state with the code; after resume(), with 0 at the first datagram. Both return 0 or a negative UV_ code.
   */
  int (*begin)(struct worker *worker, uv_udp_t *socket, void (*on_state)(uv_udp_t *socket, int code));
  int (*resume)(uv_udp_t *socket);
  /* The socket is about to be closed. Called also where begin() failed, or never was. */
  void (*end)(uv_udp_t *socket);
};

struct listeners {
  struct worker *worker; /* whose loop serves them, and who counts */
  struct plan *plan;
  struct listener *rows[PLAN_ENDPOINTS_MAX]; /* row by row of the plan; NULL: left out */
  uv_timer_t resume_timer;                   /* for those that pause */
  uv_timer_t slow_timer;                     /* of --fault slow-accept; of refuse, what keeps the loop running */
  struct unix_path_locks locks;              /* of the folders of its paths; lent to others while it serves */
  uv_file reserve;                           /* a descriptor to be given up where none is left; -1: none */
};

/* Makes an empty one. Returns 0 or a negative UV_ code. */
int listeners_init(struct listeners *listeners, struct worker *worker, struct plan *plan);

/* Opens every row of the plan that is not left out: binds all, then starts all. With port 0 the first row's socket
 * picks a number, which is written to the whole plan. A ::1 of "localhost" that cannot be had because IPv6 is off is
 * marked as left out. Returns 0, or the code of the first failure with its row in `failed_row`; then none is open. */
int listeners_open(struct listeners *listeners, size_t *failed_row);

/* Keeps a descriptor in reserve, if one can be had, for the time when no connection could be taken any more. */
void listeners_keep_reserve(struct listeners *listeners);

/* Closes all. The loop must run for their memory to be freed. */
void listeners_close(struct listeners *listeners);

/* The server ends: closes those of streams, and resumes none any more. */
void listeners_end_streams(struct listeners *listeners);

#endif
