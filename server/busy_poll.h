/*
 * Waiting without sleep (--busy-poll): while clients are busy the loop spins and tries their sockets directly, before
 * it asks the kernel's poller.
 */
#ifndef LOPING_SERVER_BUSY_POLL_H
#define LOPING_SERVER_BUSY_POLL_H

#include "server/server.h"

/* After so long without a message the server sleeps like any other, and the next message wakes it. */
#define BUSY_POLL_IDLE_MS 1000

/* Returns 0 or a negative UV_ code. */
int busy_poll_init(struct server *server);

/* Something was read: spin from now on. Does nothing without --busy-poll. True when the socket that it came from should
 * be asked directly from now on. */
bool busy_poll_note(struct server *server);

void busy_poll_stop(struct server *server);

#endif
