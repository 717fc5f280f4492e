/* The pacer on Linux: a timerfd (timerfd_create(2), high-resolution timers) that the loop polls. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "common/io/pacer.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

struct pacer {
  uv_poll_t poll;
  int descriptor;
  pacer_on_due *on_due;
  void *owner;
};

static void after_close(uv_handle_t *handle) {
  struct pacer *pacer = handle->data;
  close(pacer->descriptor);
  free(pacer);
}

static void on_readable(uv_poll_t *poll, int status, int events) {
  struct pacer *pacer = poll->data;
  uint64_t expirations;
  (void)events;
  /* Read first, so that it is not readable for ever; that nothing is there (EAGAIN) means that it was set anew. */
  if (status != 0 || read(pacer->descriptor, &expirations, sizeof expirations) != sizeof expirations) return;
  pacer->on_due(pacer->owner);
}

int pacer_create(uv_loop_t *loop, pacer_on_due *on_due, void *owner, struct pacer **result) {
  struct pacer *pacer = memory_take_zeroed(1, sizeof *pacer);
  *result = NULL;
  if (pacer == NULL) return UV_ENOMEM;
  pacer->on_due = on_due;
  pacer->owner = owner;
  /* The clock of uv_hrtime(), so that its moments mean the same here. */
  pacer->descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (pacer->descriptor < 0) {
    int code = uv_translate_sys_error(errno);
    free(pacer);
    return code;
  }
  int code = uv_poll_init(loop, &pacer->poll, pacer->descriptor);
  if (code != 0) {
    close(pacer->descriptor);
    free(pacer);
    return code;
  }
  pacer->poll.data = pacer;
  code = uv_poll_start(&pacer->poll, UV_READABLE, on_readable);
  if (code != 0) {
    pacer_close(pacer);
    return code;
  }
  *result = pacer;
  return 0;
}

int pacer_set(struct pacer *pacer, uint64_t due_ns) {
  struct itimerspec moment;
  memset(&moment, 0, sizeof moment);
  /* All zeros would switch the timer off. */
  if (due_ns == 0) due_ns = 1;
  moment.it_value.tv_sec = (time_t)(due_ns / CLOCK_NS_PER_SECOND);
  moment.it_value.tv_nsec = (long)(due_ns % CLOCK_NS_PER_SECOND);
  if (timerfd_settime(pacer->descriptor, TFD_TIMER_ABSTIME, &moment, NULL) != 0) return uv_translate_sys_error(errno);
  return 0;
}

void pacer_hold_loop(struct pacer *pacer, bool holds) {
  uv_handle_t *handle = (uv_handle_t *)&pacer->poll;
  if (holds)
    uv_ref(handle);
  else
    uv_unref(handle);
}

void pacer_close(struct pacer *pacer) {
  if (pacer != NULL) uv_close((uv_handle_t *)&pacer->poll, after_close);
}
