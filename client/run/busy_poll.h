/*
 * Waiting without sleep (--busy-poll): while messages are under way the loop spins and tries the sockets directly,
 * before it asks the kernel's poller.
 */
#ifndef LOPING_CLIENT_RUN_BUSY_POLL_H
#define LOPING_CLIENT_RUN_BUSY_POLL_H

#include "client/run/run.h"

/* After so long without anything sent or received the client sleeps like any other, until the next send. */
#define BUSY_POLL_IDLE_MS 1000

/* Makes what --busy-poll needs; nothing without it. Returns 0 or a negative UV_ code. The run's loop must be there. */
int busy_poll_init(struct run *run);

/* Something is sent or was received: spin from now on. Does nothing without --busy-poll. */
void busy_poll_note(struct run *run);

/* To be called when the run closes, and when its loop has ended. */
void busy_poll_close(struct run *run);
void busy_poll_free(struct run *run);

#endif
