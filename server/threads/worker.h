/*
 * What one event loop has for itself alone: its buffer, lists and counters. A server of several threads has one of
 * these for each (pool.h). Whoever serves is handed one: there are no globals.
 */
#ifndef LOPING_SERVER_THREADS_WORKER_H
#define LOPING_SERVER_THREADS_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/io/spinner.h"
#include "common/net/own_addresses.h"
#include "common/wire/pattern.h"
#include "common/wire/wire.h"
#include "server/say/announce.h"
#include "server/say/server_stats.h"
#include "server/settings/settings.h"

/* Large enough that a stream's cost is in the copying, not in the calls; small enough for a CPU's cache. An echo of 512
 * KiB writes, interleaved: 64 KiB a read 14 Gbit/s, 128 KiB 19, 256 KiB 26. */
#define WORKER_READ_BYTES (256 * 1024)
/* The beginning of a frame that came with an earlier read stands before what is read next. */
#define WORKER_BUFFER_BYTES (WIRE_FRAME_BYTES_MAX + WORKER_READ_BYTES)

struct connection;
struct faults;
struct http_desk;
struct pool;
struct relay;

/* All open connections; where an idle timeout is set, the one that was longest without activity comes first. */
struct connection_list {
  struct connection *first;
  struct connection *last;
};

struct worker {
  uv_loop_t loop;
  const struct settings *settings;
  struct outbox *outbox;
  const struct announcer *announcer;
  struct server_stats stats;
  struct faults *faults;  /* NULL: it serves well. Not its own */
  struct http_desk *http; /* NULL: nobody asks whether a browser came. All threads' */

  struct connection_list connections;
  uint8_t *buffer; /* WORKER_BUFFER_BYTES, shared by all reads: filled and used within one callback */
  ssize_t moved;   /* of what is not read here: what the alloc callback did in place of the read that follows */
  struct relay *spare_relay; /* an empty one for the next stream, or NULL */
  uint64_t bulk_connections; /* streams that carry much */
  struct pattern *pattern;   /* of the source mode; made for the first such session */
  uv_timer_t idle_timer;     /* of --idle-timeout */
  uv_timer_t events_timer;   /* of --http, while somebody watches the counters */
  struct spinner spinner;    /* of --busy-poll */
  uint64_t cut_connections;  /* closed by force with echo unsent */

  uv_timer_t memory_timer;       /* of the guard of TCP memory, while connections carry much */
  uint64_t tcp_pressure_bytes;   /* of all the machine's sockets; 0: not known, and then nothing is guarded */
  int tcp_account;               /* of what they hold; -1: none */
  uint64_t carrying_connections; /* whose buffers it has looked after */
  bool is_memory_scarce, said_memory_short;

  uint64_t datagram_sockets;                 /* UDP sockets that are served */
  const struct own_addresses *own_addresses; /* this machine's, where datagrams are served */

  bool said_too_many; /* each refusal is said once, until a connection is accepted again */
  bool said_no_descriptors;
  bool said_unmade;
  bool said_loop;
  bool has_seen_browser; /* and spoke of it, without --http */
  bool said_unwatched;

  uint64_t looked_ms;        /* uv_now() of the last look at what the system allows */
  uint64_t descriptor_limit; /* 0: unknown */

  struct pool *pool;                        /* NULL: this is the only thread */
  size_t thread;                            /* of the pool; 0 for the first */
  void (*on_closed)(struct worker *worker); /* one of its connections was closed; NULL: nobody asks */
};

/* Makes an empty one, its loop and its handles; what it says goes to `outbox`. `first`: the process's first worker, or
 * NULL where this is it. Returns 0 or a negative UV_ code, and
 * then nothing is left. */
int worker_init(struct worker *worker, const struct settings *settings, struct outbox *outbox,
                const struct worker *first);

/* Closes what is still open in the loop, which must not be running, and frees what it has. */
void worker_end(struct worker *worker);

/* Adds what another has counted. */
void worker_add_counts(struct worker *sum, const struct worker *more);

/* An empty relay that now belongs to the caller, or NULL: there is none to be had. */
struct relay *worker_take_relay(struct worker *worker);

/* Takes one back, and keeps it for the next or frees it. */
void worker_give_relay(struct worker *worker, struct relay *relay);

/* Counts a connection that opens in this loop, or one that closes. */
void worker_count_opened(struct worker *worker);
void worker_count_closed(struct worker *worker);

/* --busy-poll, after a read: spins from now on. True: the socket of `handle` is asked directly from now on, and the
 * caller stops libuv's reading. */
bool worker_ask_directly(struct worker *worker, struct direct_socket *socket, const uv_handle_t *handle);

#endif
