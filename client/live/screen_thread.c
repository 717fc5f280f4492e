/* See screen_thread.h. */
#include "client/live/screen_thread.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"
#include "common/text/clock.h"

#define FIRST_FRAME_MS 250
#define END_WAIT_NS    (500 * CLOCK_NS_PER_MS)
#define WAITING_MAX    (256 * 1024)

struct screen_thread {
  uv_thread_t id;
  uv_loop_t loop;
  uv_timer_t timer;
  uv_async_t wake; /* something is to be printed, or it is to end */
  struct screen screen;
  uv_mutex_t lock;
  uv_cond_t has_ended;
  /* Guarded by it: */
  bool must_end;
  bool is_over;
  char *waiting; /* lines to print; owned */
  size_t waiting_length;
};

static void on_timer(uv_timer_t *timer) {
  struct screen_thread *thread = timer->data;
  screen_redraw(&thread->screen);
}

static void on_wake(uv_async_t *wake) {
  struct screen_thread *thread = wake->data;
  uv_mutex_lock(&thread->lock);
  char *waiting = thread->waiting;
  bool must_end = thread->must_end;
  thread->waiting = NULL;
  thread->waiting_length = 0;
  uv_mutex_unlock(&thread->lock);
  if (waiting != NULL) {
    screen_print(&thread->screen, waiting);
    free(waiting);
    if (!must_end) screen_redraw(&thread->screen);
  }
  if (!must_end) return;
  screen_end(&thread->screen);
  uv_close((uv_handle_t *)&thread->timer, NULL);
  uv_close((uv_handle_t *)&thread->wake, NULL);
}

static void run(void *argument) {
  struct screen_thread *thread = argument;
  uv_run(&thread->loop, UV_RUN_DEFAULT);
  uv_mutex_lock(&thread->lock);
  thread->is_over = true;
  uv_cond_signal(&thread->has_ended);
  uv_mutex_unlock(&thread->lock);
}

static void close_handle(uv_handle_t *handle, void *nothing) {
  (void)nothing;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

static void close_loop(struct screen_thread *thread) {
  uv_walk(&thread->loop, close_handle, NULL);
  uv_run(&thread->loop, UV_RUN_DEFAULT);
  uv_loop_close(&thread->loop);
}

static int begin(struct screen_thread *thread, int descriptor, screen_draw *draw, void *owner) {
  int code = uv_timer_init(&thread->loop, &thread->timer);
  thread->timer.data = thread->wake.data = thread;
  if (code == 0) code = uv_async_init(&thread->loop, &thread->wake, on_wake);
  if (code == 0) code = uv_timer_start(&thread->timer, on_timer, FIRST_FRAME_MS, SCREEN_FRAME_MS);
  if (code == 0) code = screen_begin(&thread->screen, &thread->loop, descriptor, draw, owner);
  if (code != 0) return code;
  code = uv_thread_create(&thread->id, run, thread);
  if (code != 0) screen_end(&thread->screen);
  return code;
}

static void destroy(struct screen_thread *thread) {
  uv_cond_destroy(&thread->has_ended);
  uv_mutex_destroy(&thread->lock);
  free(thread->waiting);
  free(thread);
}

/* A view that the system refuses (memory, descriptors, threads) is gone without: the run is what was asked for. */
struct screen_thread *screen_thread_start(int descriptor, screen_draw *draw, void *owner) {
  if (!screen_is_possible(descriptor)) return NULL;
  struct screen_thread *thread = calloc(1, sizeof *thread);
  if (thread == NULL) return NULL;
  if (uv_mutex_init(&thread->lock) != 0) goto no_lock;
  if (uv_cond_init(&thread->has_ended) != 0) goto no_condition;
  if (uv_loop_init(&thread->loop) != 0) goto no_loop;
  if (begin(thread, descriptor, draw, owner) == 0) return thread;
  close_loop(thread);
no_loop:
  uv_cond_destroy(&thread->has_ended);
no_condition:
  uv_mutex_destroy(&thread->lock);
no_lock:
  free(thread);
  return NULL;
}

void screen_thread_print(struct screen_thread *thread, const char *text) {
  size_t length = strlen(text);
  uv_mutex_lock(&thread->lock);
  bool has_room = thread->waiting_length + length < WAITING_MAX;
  char *larger = has_room ? memory_grow(thread->waiting, thread->waiting_length + length + 1) : NULL;
  if (larger != NULL) {
    thread->waiting = larger;
    memcpy(larger + thread->waiting_length, text, length + 1);
    thread->waiting_length += length;
  }
  uv_mutex_unlock(&thread->lock);
  uv_async_send(&thread->wake);
}

bool screen_thread_end(struct screen_thread *thread) {
  uint64_t until_ns = clock_now_ns() + END_WAIT_NS;
  if (thread == NULL) return true;
  uv_mutex_lock(&thread->lock);
  thread->must_end = true;
  uv_async_send(&thread->wake);
  while (!thread->is_over && clock_now_ns() < until_ns)
    uv_cond_timedwait(&thread->has_ended, &thread->lock, END_WAIT_NS / 10);
  bool is_over = thread->is_over;
  uv_mutex_unlock(&thread->lock);
  if (!is_over) return false;
  uv_thread_join(&thread->id);
  uv_loop_close(&thread->loop);
  destroy(thread);
  return true;
}
