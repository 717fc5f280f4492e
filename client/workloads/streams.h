/* What workloads of endless streams share: the pattern that is sent or checked, and progress. */
#ifndef LOPING_CLIENT_WORKLOADS_STREAMS_H
#define LOPING_CLIENT_WORKLOADS_STREAMS_H

#include "client/run/run.h"

/* Sends the next write of this lane's pattern. on_sent always follows in a later turn: reading must get its turn
 * between two writes, or both sides would fill each other's buffers and an echo would come in lumps. */
void streams_send_next(struct lane *lane);

/* The slot begin of those that only read, and of those that send. */
void streams_begin_reading(struct lane *lane);
void streams_begin(struct lane *lane);

/* Compares what was read at now_ns with this lane's pattern, and moves on in it. NULL: it was discarded unread. */
void streams_check(struct lane *lane, const uint8_t *bytes, size_t length, uint64_t now_ns);

/* Fails the run when nothing has moved on the lane for the time limit. */
void streams_guard(struct lane *lane, uint64_t now_ns);

#endif
