/* See live_board.h. */
#include "client/live/live_board.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/live/live_history.h"
#include "client/live/live_view.h"
#include "client/live/screen_thread.h"

struct live_board {
  struct live_snapshot counted; /* the measuring thread's */
  uv_mutex_t lock;
  /* Guarded by it: */
  struct live_snapshot shared;
  uint64_t shown; /* how often */
  /* The drawing thread's: */
  struct live_snapshot drawn;
  uint64_t taken; /* as many were shown when it took the last */
  struct live_history history;
  struct live_facts facts;
  struct style style;
  struct screen_thread *thread;
};

static void put_line(void *frame, const char *line) {
  frame_put(frame, line);
}

static void draw(void *owner, struct frame *frame) {
  struct live_board *board = owner;
  uv_mutex_lock(&board->lock);
  bool is_new = board->shown != board->taken;
  board->taken = board->shown;
  if (is_new) board->drawn = board->shared;
  uv_mutex_unlock(&board->lock);
  if (board->taken == 0) return;
  if (is_new) live_history_add(&board->history, &board->drawn, &board->facts);
  board->style.columns = frame->columns - 1;
  live_view_write(&board->facts, &board->style, frame_room(frame), put_line, frame);
}

struct live_board *live_board_start(int descriptor, const struct style *style) {
  /* What cannot be had is gone without: a run needs no view. */
  struct live_board *board = calloc(1, sizeof *board);
  if (board == NULL) return NULL;
  if (uv_mutex_init(&board->lock) != 0) {
    free(board);
    return NULL;
  }
  board->style = *style;
  board->thread = screen_thread_start(descriptor, draw, board);
  if (board->thread != NULL) return board;
  uv_mutex_destroy(&board->lock);
  free(board);
  return NULL;
}

struct live_snapshot *live_board_snapshot(struct live_board *board) {
  return &board->counted;
}

void live_board_begin_run(struct live_board *board, unsigned run, unsigned run_count) {
  memset(&board->counted, 0, sizeof board->counted);
  board->counted.run = run;
  board->counted.run_count = run_count;
}

void live_board_show(struct live_board *board) {
  if (uv_mutex_trylock(&board->lock) != 0) return;
  board->shared = board->counted;
  board->shown++;
  uv_mutex_unlock(&board->lock);
}

void live_board_print(struct live_board *board, const char *text) {
  screen_thread_print(board->thread, text);
}

void live_board_end(struct live_board *board) {
  if (board == NULL || !screen_thread_end(board->thread)) return;
  uv_mutex_destroy(&board->lock);
  free(board);
}
