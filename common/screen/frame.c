/* See frame.h. */
#include "common/screen/frame.h"

#include <stdio.h>
#include <string.h>

#include "common/text/safe_text.h"
#include "common/text/wrap.h"

#define ERASE_LINE "\x1b[K"
#define PLAIN      "\x1b[0m"
#define WRAP_NOT   "\x1b[?7l"
#define WRAP       "\x1b[?7h"
/* For what ends a frame. */
#define BYTES_KEPT 64
/* A line of them is at most as long again. */
#define ABOVE_BYTES_MAX (FRAME_BYTES_MAX / 4)

static void put(void *owner, const char *bytes, size_t length) {
  struct frame *frame = owner;
  if (length > FRAME_BYTES_MAX - BYTES_KEPT - frame->length) {
    frame->is_cut = true;
    return;
  }
  memcpy(frame->bytes + frame->length, bytes, length);
  frame->length += length;
}

static void put_text(struct frame *frame, const char *text) {
  put(frame, text, strlen(text));
}

/* Lines that are wider than the terminal go on in the next one, as they would without a view. */
static size_t put_above(struct frame *frame, const char *above) {
  const char *at = above;
  put_text(frame, FRAME_ERASE);
  while (*at != '\0' && frame->length < ABOVE_BYTES_MAX) {
    size_t length = strcspn(at, "\n");
    safe_text_pass(at, length, put, frame);
    put_text(frame, "\r\n");
    at += length + (at[length] == '\n');
  }
  return (size_t)(at - above);
}

size_t frame_begin(struct frame *frame, size_t columns, size_t lines, const char *above) {
  frame->columns = columns;
  frame->lines = lines;
  frame->used_lines = frame->length = 0;
  frame->is_cut = false;
  if (above != NULL && above[0] != '\0') return put_above(frame, above);
  put_text(frame, "\r");
  return 0;
}

size_t frame_room(const struct frame *frame) {
  /* What stands above the view stays in sight. */
  return frame->lines > 1 ? frame->lines - 1 : frame->lines;
}

void frame_put(struct frame *frame, const char *line) {
  if (frame->used_lines == frame_room(frame)) {
    frame->is_cut = true;
    return;
  }
  put_text(frame, frame->used_lines++ > 0 ? "\r\n" : WRAP_NOT);
  /* The last column stays free: behind it some terminals are already in the next line, and some erase it. */
  size_t length = wrap_cut(line, frame->columns > 1 ? frame->columns - 1 : 1);
  safe_text_pass(line, length, put, frame);
  if (line[length] != '\0' && strchr(line, '\x1b') != NULL) put_text(frame, PLAIN);
  put_text(frame, ERASE_LINE);
}

void frame_end(struct frame *frame) {
  char up[32] = "";
  if (frame->used_lines > 1) snprintf(up, sizeof up, "\x1b[%zuA", frame->used_lines - 1);
  int written = snprintf(frame->bytes + frame->length, FRAME_BYTES_MAX - frame->length, "\x1b[J%s\r" WRAP, up);
  frame->length += (size_t)written;
}
