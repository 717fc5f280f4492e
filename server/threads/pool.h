/*
 * The threads of --threads: each has a worker of its own. The first accepts, judges and counts; this gives the
 * connection to the thread with the fewest, wakes it, and at the end adds up what all have counted.
 *
 * Without the option there is no pool (worker->pool is NULL), and nothing in here is called.
 */
#ifndef LOPING_SERVER_THREADS_POOL_H
#define LOPING_SERVER_THREADS_POOL_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct pool;
struct server_stats;
struct stream_kind;
struct worker;

/* What a further thread does; the pool knows none of it. The first and the last are called by the first thread while
 * the other does not run, the rest by the thread itself. */
struct pool_work {
  /* Makes its worker, which pool_finish() hands to finish(). Returns 0 or a negative UV_ code. */
  int (*start)(const struct worker *first, struct worker **worker);
  /* Serves a connection that the first thread has accepted and counted. The socket is taken over in any case. */
  void (*take)(struct worker *worker, const struct stream_kind *kind, uv_os_sock_t socket, uint64_t number);
  /* Ends its loop in good order; called once. */
  void (*end)(struct worker *worker);
  /* Ends it at once, after end(). */
  void (*cut)(struct worker *worker);
  /* Frees the worker, whose loop has ended. */
  void (*finish)(struct worker *worker);
};

/* Starts the further threads and makes first->pool; the caller is the first thread. Returns 0 or a negative UV_ code;
 * then none is left, and why has been said. */
int pool_start(struct worker *first, const struct pool_work *work);

/* Called by the first thread, for each connection that it lets in: returns how many are open now in all threads. */
uint64_t pool_note_opened(struct pool *pool);

/* Called by the thread that has closed one of its connections, as worker->on_closed. */
void pool_note_closed(struct worker *worker);

/* Connections that are open in all threads. */
uint64_t pool_open_connections(struct pool *pool);

/* Called by the first thread after pool_note_opened(). True: another thread serves a copy of the socket, and the handle
 * can be closed. False: the first thread serves it, as its turn has come or there is no descriptor for the copy. */
bool pool_hand_over(struct pool *pool, const struct stream_kind *kind, const uv_handle_t *handle, uint64_t number);

/* Adds to `sum` what the other threads had counted when they were asked last, and asks them anew: they answer soon
 * after, each for itself. */
void pool_ask_counts(struct pool *pool, struct server_stats *sum);

/* What all threads have counted, as far as the others told; asks them anew. `first`: the first worker, with a pool or
 * without. */
void pool_sum_counts(const struct worker *first, struct server_stats *sum);

/* Ends the other threads in good order, or cuts all of their connections; they read it soon after. The first loop does
 * not end before all the others have. */
void pool_end(struct pool *pool);
void pool_cut(struct pool *pool);

/* When their loops have ended: adds what they have counted to the first worker's, frees them, and sets first->pool to
 * NULL. The first loop runs once more after that, to its end: worker_end(). */
void pool_finish(struct worker *first);

#endif
