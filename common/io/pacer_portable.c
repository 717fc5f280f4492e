/* The pacer on libuv alone: a timer until shortly before the moment, then an idle handle, which keeps the loop turning
 * without sleep. Exact, at the price of a busy CPU. */
#include <stdlib.h>

#include "common/io/pacer.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

/* A timer of libuv may come this much late: its milliseconds are rounded, and so is the loop's own time. */
#define SPIN_NS (2 * CLOCK_NS_PER_MS)

struct pacer {
  uv_timer_t timer;
  uv_idle_t idle;
  uint64_t due_ns;
  size_t open_handles;
  pacer_on_due *on_due;
  void *owner;
};

static void on_idle(uv_idle_t *idle) {
  struct pacer *pacer = idle->data;
  if (clock_now_ns() < pacer->due_ns) return;
  uv_idle_stop(idle);
  pacer->on_due(pacer->owner);
}

static void on_timer(uv_timer_t *timer) {
  struct pacer *pacer = timer->data;
  uv_idle_start(&pacer->idle, on_idle);
}

int pacer_create(uv_loop_t *loop, pacer_on_due *on_due, void *owner, struct pacer **result) {
  struct pacer *pacer = memory_take_zeroed(1, sizeof *pacer);
  *result = NULL;
  if (pacer == NULL) return UV_ENOMEM;
  int code = uv_timer_init(loop, &pacer->timer);
  if (code != 0) {
    free(pacer);
    return code;
  }
  /* Has no way to fail once the loop works; were there one, the timer would still have to be closed. */
  uv_idle_init(loop, &pacer->idle);
  pacer->timer.data = pacer->idle.data = pacer;
  pacer->open_handles = 2;
  pacer->on_due = on_due;
  pacer->owner = owner;
  *result = pacer;
  return 0;
}

int pacer_set(struct pacer *pacer, uint64_t due_ns) {
  uint64_t now_ns = clock_now_ns();
  pacer->due_ns = due_ns;
  uv_timer_stop(&pacer->timer);
  if (due_ns <= now_ns + SPIN_NS) return uv_idle_start(&pacer->idle, on_idle);
  uv_idle_stop(&pacer->idle);
  uv_update_time(pacer->timer.loop);
  return uv_timer_start(&pacer->timer, on_timer, (due_ns - now_ns - SPIN_NS) / CLOCK_NS_PER_MS, 0);
}

static void after_close(uv_handle_t *handle) {
  struct pacer *pacer = handle->data;
  if (--pacer->open_handles == 0) free(pacer);
}

void pacer_hold_loop(struct pacer *pacer, bool holds) {
  uv_handle_t *const handles[] = {(uv_handle_t *)&pacer->timer, (uv_handle_t *)&pacer->idle};
  for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
    if (holds)
      uv_ref(handles[i]);
    else
      uv_unref(handles[i]);
  }
}

void pacer_close(struct pacer *pacer) {
  if (pacer == NULL) return;
  uv_close((uv_handle_t *)&pacer->timer, after_close);
  uv_close((uv_handle_t *)&pacer->idle, after_close);
}
