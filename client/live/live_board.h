/*
 * The view of a run, between the thread that measures and the one that draws. The measuring thread counts into a
 * snapshot of its own, and hands a copy over ten times a second at most; it never waits for the other. All that is
 * reckoned and drawn, and each write, is the other's.
 */
#ifndef LOPING_CLIENT_LIVE_LIVE_BOARD_H
#define LOPING_CLIENT_LIVE_LIVE_BOARD_H

#include "client/live/live_facts.h"
#include "common/text/style.h"

struct live_board;

/* Starts it on that terminal; NULL where there can be none. Its columns are the terminal's, not the style's. */
struct live_board *live_board_start(int descriptor, const struct style *style);

/* The measuring thread's own: what it counts, and what it fills in before live_board_show(). */
struct live_snapshot *live_board_snapshot(struct live_board *board);

/* A run begins: all is zero but what is known of it. */
void live_board_begin_run(struct live_board *board, unsigned run, unsigned run_count);

/* Hands the snapshot over; where the other thread is just taking one, not this time. */
void live_board_show(struct live_board *board);

/* Whole lines to stay above the view. */
void live_board_print(struct live_board *board, const char *text);

/* Takes the view away and ends the other thread. NULL is ignored. */
void live_board_end(struct live_board *board);

#endif
