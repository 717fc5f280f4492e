/*
 * A view on a thread of its own, so that neither drawing it nor a terminal that takes nothing (Ctrl-S) holds up who
 * measures or serves.
 */
#ifndef LOPING_CLIENT_LIVE_SCREEN_THREAD_H
#define LOPING_CLIENT_LIVE_SCREEN_THREAD_H

#include "common/screen/screen.h"

struct screen_thread;

/* Starts it; `draw` is called on that thread, ten times a second at most, the first time after a quarter of a second:
 * what is over by then needs no view. NULL where there can be none. */
struct screen_thread *screen_thread_start(int descriptor, screen_draw *draw, void *owner);

/* From any thread: whole lines to stay above the view. */
void screen_thread_print(struct screen_thread *thread, const char *text);

/* Takes the view away and ends the thread. False: the terminal has taken nothing for half a second; then the thread is
 * left to it, and `owner` has to stay. NULL is ignored. */
bool screen_thread_end(struct screen_thread *thread);

#endif
