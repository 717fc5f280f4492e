/*
 * The state of one running lopong, which every part of it gets handed: there are no globals.
 *
 *   STARTING --all bound--> SERVING --signal--> LAST_ROUND --one turn--> DRAINING --all closed--> end
 *                                                    \_________________\___ a second signal, or the
 *                                                                           drain takes too long: all is cut
 *
 * One loop, one thread. What a loop needs for itself alone (buffers, lists, counters) is in here too, so that a server
 * of several threads has one of these for each (pool.h). The first of them has the plan, the listeners and the signals;
 * the others' plans are empty, and what the first counts for all is 0 with them.
 */
#ifndef LOPING_SERVER_SERVER_H
#define LOPING_SERVER_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/net/own_addresses.h"
#include "common/wire/pattern.h"
#include "common/wire/wire.h"
#include "server/listen/plan.h"
#include "server/say/announce.h"
#include "server/say/server_stats.h"
#include "server/settings.h"

/* Large enough that a stream's cost is in the copying, not in the calls; small enough for a CPU's cache. An echo of 512
 * KiB writes, interleaved: 64 KiB a read 14 Gbit/s, 128 KiB 19, 256 KiB 26. */
#define SERVER_READ_BYTES (256 * 1024)
/* The beginning of a frame that came with an earlier read stands before what is read next. */
#define SERVER_BUFFER_BYTES (WIRE_FRAME_BYTES_MAX + SERVER_READ_BYTES)

enum server_phase { SERVER_STARTING, SERVER_SERVING, SERVER_LAST_ROUND, SERVER_DRAINING };

struct listener;
struct connection;
struct pool;

/* All open connections; where an idle timeout is set, the one that was longest without activity comes first. */
struct connection_list {
  struct connection *first;
  struct connection *last;
};

/* Of --busy-poll; busy_poll.c spins, echo_stream.c and echo_udp.c say which sockets are asked directly. */
struct busy_poll {
  uv_idle_t spin;
  uint64_t turn_ns;         /* when the last turn ended */
  uint64_t busy_ns;         /* the turn in which a message last came */
  uint64_t looked_ns;       /* when silent sockets were last looked for */
  bool has_read_since_turn; /* by way of the loop */
  uint64_t direct_connections;
  uint64_t direct_listeners;
};

struct server {
  uv_loop_t loop;
  enum server_phase phase;
  const struct settings *settings;
  const struct announcer *announcer;
  struct server_stats stats;
  uint64_t started_ns;

  struct pool *pool; /* NULL: this is the only thread */
  size_t thread;     /* of the pool; 0 for the first */
  uv_async_t wake;   /* by another of its threads */

  struct plan plan;
  struct listener *listeners[PLAN_ENDPOINTS_MAX]; /* row by row of the plan; NULL: left out, or suspended */
  uint16_t udp_port;                              /* that our UDP sockets have; 0: none */
  struct own_addresses own_addresses;

  struct connection_list connections;
  uint8_t *buffer;         /* SERVER_BUFFER_BYTES, shared by all reads: filled and used within one callback */
  struct pattern *pattern; /* of the source mode; made for the first such session */

  bool said_too_many; /* each refusal is said once, until a connection is accepted again */
  bool said_no_descriptors;

  uv_signal_t on_interrupt;
  uv_signal_t on_terminate;
  uv_timer_t idle_timer;
  uv_timer_t reopen_timer; /* for listeners that were suspended */
  uv_timer_t drain_timer;
  uv_idle_t last_round;
  struct busy_poll busy_poll;
  unsigned rounds;
  uint64_t cut_connections; /* closed by force with echo unsent */
  bool is_hurried;          /* by a second signal */
};

/* Makes a server with its loop and handles, and nothing open. Returns 0 or a negative UV_ code. */
int server_create(const struct settings *settings, struct server **created);

/* Closes what is still open, and frees. Its loop must not be running. */
void server_destroy(struct server *server);

/* Runs the server until a signal ends it. Returns the program's exit status (0, 2 or 3); everything is said then. */
int server_run(const struct settings *settings);

#endif
