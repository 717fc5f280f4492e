/*
 * What lopong says, on its way out. A line is written at once where its reader takes it; where that one stalls (a pipe
 * that nobody reads, a terminal that was stopped, a journal), it waits here, and who serves goes on.
 */
/* clang-format off */
/*
 *   loops --put--> [stdout's queue] --\
 *         --put--> [stderr's queue] ---> descriptors, by who puts, or by outbox_pump() later
 *
 * Each queue is bounded. While it is full, what comes is left out and counted; when it has room again, the count is
 * said at the place of the gap. Texts keep their order, in each stream and, unless one of them stalls, over both. No
 * thread writes: with a second one in the process every system call of the others costs more (glibc, cancellation).
 */
/* clang-format on */
#ifndef LOPING_SERVER_SAY_OUTBOX_H
#define LOPING_SERVER_SAY_OUTBOX_H

#include <stdbool.h>
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

/* on_news is called when something begins to wait for its reader, or a vital text was lost; by any thread, which must
 * not be kept, and must not come back here. NULL: no more. */
void outbox_watch(struct outbox *outbox, void (*on_news)(void *owner), void *owner);

/* Writes what is taken now. Returns whether something waits on. */
bool outbox_pump(struct outbox *outbox);

/* The code of the first vital text that was lost; 0: none. */
int outbox_lost_code(struct outbox *outbox);

/* Lays down one or more whole lines. Never waits, and may be called by any thread. */
void outbox_put(struct outbox *outbox, enum outbox_stream stream, const char *text);

/* The same for what must be heard, on stdout. */
void outbox_put_vital(struct outbox *outbox, const char *text);

/* A vital text could not even be made, for this reason. */
void outbox_lose(struct outbox *outbox, int code);

/* The same two for the summary, on stdout: it is no error that its reader is gone. */
void outbox_put_summary(struct outbox *outbox, const char *text);
void outbox_lose_summary(struct outbox *outbox, int code);

/* A view (common/screen/frame.h) at the end of the terminal that `stream` leads to, and the other stream too where
 * `is_both`: a frame of it, which from now on is drawn again below each text; NULL takes the view away. A frame that
 * would have to wait for the reader is left out. */
void outbox_show(struct outbox *outbox, enum outbox_stream stream, bool is_both, const char *frame);

/* What could not be said: 0, or the code of the first vital text that was lost, and of the summary. */
struct outbox_losses {
  int vital, summary;
};

/* Writes what is left as long as somebody takes it, and frees the outbox. */
struct outbox_losses outbox_end(struct outbox *outbox);

#endif
