/*
 * What lopong says, on its way out. Whoever says something only lays it down here; a thread of its own, which is there
 * only while there is something to write, writes it. So a
 * reader that stalls (a pipe that nobody reads, a terminal that was stopped, a journal) never stops who serves.
 */
/* clang-format off */
/*
 *   loops --put--> [stdout's queue] --\
 *         --put--> [stderr's queue] ---> the writing thread --> descriptors
 *
 * Each queue is bounded. While it is full, what comes is left out and counted; when it has room again, the count is
 * said at the place of the gap. Texts keep their order, in each stream and, unless one of them stalls, over both.
 */
/* clang-format on */
#ifndef LOPING_SERVER_SAY_OUTBOX_H
#define LOPING_SERVER_SAY_OUTBOX_H

#include <stdint.h>

enum outbox_stream { OUTBOX_STDOUT, OUTBOX_STDERR };

#define OUTBOX_STREAMS       2
#define OUTBOX_BOUND_BYTES   (256 * 1024) /* of each queue */
#define OUTBOX_LEFT_OUT_SIZE 160

struct outbox;

/* Writes the line that tells of a gap. Called by any thread. */
typedef void outbox_tell_left_out(enum outbox_stream stream, uint64_t lines, char out[OUTBOX_LEFT_OUT_SIZE]);

/* Makes an empty one. Returns 0 or a negative UV_ code. */
int outbox_create(const int descriptors[OUTBOX_STREAMS], outbox_tell_left_out *tell, struct outbox **made);

/* on_lost is called when a vital text could not be written, by any thread, which must not be kept; NULL: no more. */
void outbox_watch(struct outbox *outbox, void (*on_lost)(void *owner), void *owner);

/* Lays down one or more whole lines. Never waits, and may be called by any thread. */
void outbox_put(struct outbox *outbox, enum outbox_stream stream, const char *text);

/* The same for what must be heard, on stdout. */
void outbox_put_vital(struct outbox *outbox, const char *text);

/* A vital text could not even be made, for this reason. */
void outbox_lose(struct outbox *outbox, int code);

/* Writes what is left as long as somebody takes it, and frees the outbox. Returns 0, or the code of the first vital
 * text that was lost. */
int outbox_end(struct outbox *outbox);

#endif
