/*
 * The threads of --threads: each has a loop and a struct server of its own. The first accepts, judges and counts; this
 * gives the connection to the thread with the fewest, wakes it, and at the end adds up what all have counted.
 *
 * Without the option there is no pool (server->pool is NULL), and nothing in here is called.
 */
#ifndef LOPING_SERVER_THREADS_POOL_H
#define LOPING_SERVER_THREADS_POOL_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct pool;
struct server;
struct stream_kind;

/* Starts the further threads and makes server->pool; the caller is the first thread. Returns 0 or a negative UV_ code;
 * then none is left, and why has been said. */
int pool_start(struct server *server);

/* Called by the first thread, for each connection that it lets in: returns how many are open now in all threads. */
uint64_t pool_note_opened(struct pool *pool);

/* Called by the thread that has closed one of its connections. */
void pool_note_closed(struct server *server);

/* Connections that are open in all threads. */
uint64_t pool_open_connections(struct pool *pool);

/* Called by the first thread after pool_note_opened(). True: another thread serves a copy of the socket, and the handle
 * can be closed. False: the first thread serves it, as its turn has come or there is no descriptor for the copy. */
bool pool_hand_over(struct pool *pool, const struct stream_kind *kind, const uv_handle_t *handle, uint64_t number);

/* Ends the other threads in good order, or cuts all of their connections; they read it soon after. The first loop does
 * not end before all the others have. */
void pool_end(struct pool *pool);
void pool_cut(struct pool *pool);

/* When their loops have ended: adds what they have counted to the first server's, frees them, and sets server->pool to
 * NULL. */
void pool_finish(struct server *server);

#endif
