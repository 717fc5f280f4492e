/*
 * A stream into memory, whose end says whether all that was written is there. C's own way to one (open_memstream(3))
 * keeps silent about a piece that memory did not suffice for.
 */
#ifndef LOPING_CLIENT_FRAME_TEXT_STREAM_H
#define LOPING_CLIENT_FRAME_TEXT_STREAM_H

#include <stddef.h>
#include <stdio.h>

struct text_stream {
  FILE *file; /* to write to */
  char *text; /* after text_stream_close(): with a zero behind it, and the caller's to free */
  size_t length;
  size_t room; /* its own */
};

/* Returns 0 or UV_ENOMEM. The struct must stay where it is until it is closed. */
int text_stream_open(struct text_stream *stream);

/* Returns 0, or UV_ENOMEM, and text is NULL then. */
int text_stream_close(struct text_stream *stream);

#endif
