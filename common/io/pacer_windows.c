/*
 * The pacer on Windows: a thread waits for a timer that is exact to some 0.1 ms (CREATE_WAITABLE_TIMER_HIGH_RESOLUTION,
 * Windows 10 1803; on older ones a plain timer, which is exact to a clock tick), and wakes the loop shortly before the
 * moment; the rest is spent in an idle handle, which keeps the loop turning without sleep.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "common/io/pacer.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x2
#endif

#define NS_PER_STEP 100
/* How much too late each of the two timers may be. */
#define EXACT_SPIN_NS (CLOCK_NS_PER_MS / 5)
#define PLAIN_SPIN_NS (2 * CLOCK_NS_PER_MS)

struct pacer {
  uv_async_t async; /* the timer's thread wakes the loop */
  uv_idle_t idle;
  HANDLE timer, end, wait_thread;
  uint64_t due_ns, spin_ns;
  bool is_set; /* a moment is to come */
  size_t open_handles;
  pacer_on_due *on_due;
  void *owner;
};

static DWORD WINAPI wait_for_timer(void *argument) {
  struct pacer *pacer = argument;
  const HANDLE both[] = {pacer->end, pacer->timer};
  while (WaitForMultipleObjects(2, both, FALSE, INFINITE) == WAIT_OBJECT_0 + 1)
    uv_async_send(&pacer->async);
  return 0;
}

static void on_idle(uv_idle_t *idle) {
  struct pacer *pacer = idle->data;
  if (clock_now_ns() < pacer->due_ns) return;
  uv_idle_stop(idle);
  pacer->is_set = false;
  pacer->on_due(pacer->owner);
}

/* Of a moment that was set before it comes for nothing, and a timer may be a little early. */
static void on_timer(uv_async_t *async) {
  struct pacer *pacer = async->data;
  if (pacer->is_set) (void)pacer_set(pacer, pacer->due_ns);
}

static void make_timer(struct pacer *pacer) {
  pacer->spin_ns = EXACT_SPIN_NS;
  pacer->timer = CreateWaitableTimerExW(NULL, NULL, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, TIMER_ALL_ACCESS);
  if (pacer->timer != NULL) return;
  pacer->spin_ns = PLAIN_SPIN_NS;
  pacer->timer = CreateWaitableTimerW(NULL, FALSE, NULL);
}

static void end_thread(struct pacer *pacer) {
  if (pacer->wait_thread != NULL) {
    SetEvent(pacer->end);
    WaitForSingleObject(pacer->wait_thread, INFINITE);
    CloseHandle(pacer->wait_thread);
  }
  if (pacer->timer != NULL) CloseHandle(pacer->timer);
  if (pacer->end != NULL) CloseHandle(pacer->end);
}

static void after_close(uv_handle_t *handle) {
  struct pacer *pacer = handle->data;
  if (--pacer->open_handles == 0) free(pacer);
}

int pacer_create(uv_loop_t *loop, pacer_on_due *on_due, void *owner, struct pacer **result) {
  struct pacer *pacer = memory_take_zeroed(1, sizeof *pacer);
  *result = NULL;
  if (pacer == NULL) return UV_ENOMEM;
  make_timer(pacer);
  pacer->end = CreateEventW(NULL, TRUE, FALSE, NULL);
  int code = pacer->timer == NULL || pacer->end == NULL ? uv_translate_sys_error((int)GetLastError())
                                                        : uv_async_init(loop, &pacer->async, on_timer);
  if (code != 0) {
    end_thread(pacer);
    free(pacer);
    return code;
  }
  uv_idle_init(loop, &pacer->idle);
  pacer->async.data = pacer->idle.data = pacer;
  pacer->open_handles = 2;
  pacer->on_due = on_due;
  pacer->owner = owner;
  pacer->wait_thread = CreateThread(NULL, 0, wait_for_timer, pacer, 0, NULL);
  if (pacer->wait_thread == NULL) {
    code = uv_translate_sys_error((int)GetLastError());
    pacer_close(pacer);
    return code;
  }
  *result = pacer;
  return 0;
}

int pacer_set(struct pacer *pacer, uint64_t due_ns) {
  uint64_t now_ns = clock_now_ns();
  LARGE_INTEGER moment;
  pacer->due_ns = due_ns;
  pacer->is_set = true;
  if (due_ns <= now_ns + pacer->spin_ns) return uv_idle_start(&pacer->idle, on_idle);
  uv_idle_stop(&pacer->idle);
  /* Negative: from now on. */
  moment.QuadPart = -(LONGLONG)((due_ns - now_ns - pacer->spin_ns) / NS_PER_STEP);
  if (SetWaitableTimer(pacer->timer, &moment, 0, NULL, NULL, FALSE)) return 0;
  return uv_translate_sys_error((int)GetLastError());
}

void pacer_hold_loop(struct pacer *pacer, bool holds) {
  uv_handle_t *const handles[] = {(uv_handle_t *)&pacer->async, (uv_handle_t *)&pacer->idle};
  for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
    if (holds)
      uv_ref(handles[i]);
    else
      uv_unref(handles[i]);
  }
}

void pacer_close(struct pacer *pacer) {
  if (pacer == NULL) return;
  /* First, as it wakes the loop by what is closed here. */
  end_thread(pacer);
  uv_close((uv_handle_t *)&pacer->async, after_close);
  uv_close((uv_handle_t *)&pacer->idle, after_close);
}
