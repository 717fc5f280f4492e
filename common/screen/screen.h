/*
 * A view at the end of a terminal's text, redrawn in place, and taken away without a trace: at its end, where Ctrl-Z
 * stops the program, and where it crashes. It is drawn anew when the program goes on (fg) and when the terminal's size
 * changes. Echo and the cursor are never touched, and lines do not wrap only while a frame is drawn, so nothing has to
 * be restored.
 *
 * The seam: screen_posix.c, screen_portable.c (no view).
 */
#ifndef LOPING_COMMON_SCREEN_SCREEN_H
#define LOPING_COMMON_SCREEN_SCREEN_H

#include <stdbool.h>
#include <uv.h>

#include "common/screen/frame.h"

/* What is smaller gets no view. */
#define SCREEN_COLUMNS_MIN 40
#define SCREEN_LINES_MIN   8

/* Puts the lines of the view (frame_put()). */
typedef void screen_draw(void *owner, struct frame *frame);

struct screen {
  int descriptor;
  screen_draw *draw;
  void *owner;
  /* Set after screen_begin() by who writes to the terminal himself: gets a whole frame, or NULL: the view goes. */
  void (*show)(void *owner, const char *frame);
  uv_signal_t resized, stopped, continued;
  uv_timer_t pace;   /* a frame that was wanted too early */
  uint64_t drawn_ms; /* of the loop's time: the last frame */
  bool is_gone;      /* the terminal has been closed */
  bool is_drawn;
  char *above; /* owned: lines that wait for the next frame; NULL: none */
  size_t above_length;
  uint64_t above_lost; /* lines that there was no memory for */
  struct frame frame;
};

/* Can there be a view on this terminal now: does the system let one, and is it large enough? */
bool screen_is_possible(int descriptor);

/* Makes the view, whose signals the loop handles; nothing is drawn yet. Only one at a time, on descriptor 1 or 2.
 * Returns 0 or a negative UV_ code. */
int screen_begin(struct screen *screen, uv_loop_t *loop, int descriptor, screen_draw *draw, void *owner);

/* At most ten a second. */
#define SCREEN_FRAME_MS 100

/* Draws it as it is now, or as soon as SCREEN_FRAME_MS have passed since the last frame; above it what screen_print()
 * was given. Nothing is drawn while the terminal takes nothing (Ctrl-S), is another's (the program is in the
 * background) or is too small. */
void screen_redraw(struct screen *screen);

/* Whole lines to stay above the view, from its next frame on. */
void screen_print(struct screen *screen, const char *text);

/* Takes the view away, prints what waits, and closes the handles of the loop, which has to run once more. */
void screen_end(struct screen *screen);

#endif
