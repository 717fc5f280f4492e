/* The orderly end of the server. */
#ifndef LOPING_SERVER_SHUTDOWN_H
#define LOPING_SERVER_SHUTDOWN_H

struct server;

/* Watches for SIGINT and SIGTERM, and ends the server at the first, in good order; at the second at once. Returns 0 or
 * a negative UV_ code. The handles were initialised by server.c. */
int shutdown_watch_signals(struct server *server);

/* Ends one loop in good order: a last round, then what is unsent is sent, for 2 s at most. */
void shutdown_begin(struct server *server);

/* Ends it at once, after shutdown_begin(). */
void shutdown_cut(struct server *server);

#endif
