/* What workloads of endless streams share: the pattern that is sent or checked, and progress. */
#ifndef LOPING_CLIENT_WORKLOADS_STREAMS_H
#define LOPING_CLIENT_WORKLOADS_STREAMS_H

#include "client/run/run.h"

/* Sends the next write of this flow's pattern. on_sent always follows in a later turn: reading must get its turn
 * between two writes, or both sides would fill each other's buffers and an echo would come in lumps. */
void streams_send_next(struct flow *flow);

/* The slot begin of those that only read, and of those that send. */
void streams_begin_reading(struct flow *flow);
void streams_begin(struct flow *flow);

/* Compares what was read at now_ns with this flow's pattern, and moves on in it. NULL: it was discarded unread. */
void streams_check(struct flow *flow, const uint8_t *bytes, size_t length, uint64_t now_ns);

/* Fails the run when nothing has moved on the flow for the time limit. */
void streams_guard(struct flow *flow, uint64_t now_ns);

#endif
