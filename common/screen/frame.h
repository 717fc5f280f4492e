/*
 * The bytes that draw a view over the one before, in place. Pure.
 *
 * Between two frames the cursor stands at the view's upper left corner. So all that is the view's lies behind it:
 * erasing from the cursor on takes it away, however a terminal that was resized has broken its lines anew, and who
 * erases need not know how many they are. The first line of a view is best left empty: a key that is pressed meanwhile
 * is echoed there.
 *
 *   $ loping latency
 *   |                          <- the cursor
 *   latency to 127.0.0.1 ...
 *   ...
 *
 * While it is drawn lines do not wrap: a terminal that becomes narrower while a frame is on its way would else have
 * more lines than the frame counts on. Sequences: ECMA-48 (EL, ED, CUU), and DEC's private mode 7 (DECAWM).
 */
#ifndef LOPING_COMMON_SCREEN_FRAME_H
#define LOPING_COMMON_SCREEN_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#define FRAME_BYTES_MAX 65536
/* To the first column, erase all from there on, and let lines wrap, should half a frame have been lost. */
#define FRAME_ERASE "\r\x1b[J\x1b[?7h"

struct frame {
  size_t columns; /* of the terminal */
  size_t lines;
  size_t used_lines; /* of the view, so far */
  bool is_cut;       /* not all lines had room */
  size_t length;
  char bytes[FRAME_BYTES_MAX];
};

/* Begins a frame for a terminal of that size. `above`: whole lines that are to stay above the view, or NULL. Returns
 * how many bytes of them the frame has taken; where they are many the rest is for the next one. */
size_t frame_begin(struct frame *frame, size_t columns, size_t lines, const char *above);

/* How many lines of the view have room in all. */
size_t frame_room(const struct frame *frame);

/* One line of the view, without its end, dressed or not. What is wider than the terminal is cut, and so is a line too
 * many. */
void frame_put(struct frame *frame, const char *line);

/* Ends it: `bytes` are to be written at once. A zero stands behind them. */
void frame_end(struct frame *frame);

#endif
