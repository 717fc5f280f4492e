/* ping: one message a second (or --interval), on a schedule that counts from the first one. */
#include "client/workloads/messages.h"
#include "client/workloads/workload.h"
#include "common/text/clock.h"

static void send_next(uv_timer_t *timer);

static bool has_sent_all(const struct run *run) {
  return run->plan->count > 0 && run->measured_sends >= run->plan->count;
}

/* The next moment is reckoned from the first, so that rounding to the timer's milliseconds does not add up. */
static void schedule(struct lane *lane) {
  struct run *run = lane->run;
  uint64_t due_ns = run->measure_start_ns + run->measured_sends * run->plan->interval_ns;
  uint64_t now_ns = clock_now_ns();
  uint64_t wait_ms = due_ns > now_ns ? (due_ns - now_ns + CLOCK_NS_PER_MS / 2) / CLOCK_NS_PER_MS : 0;
  run->pace_timer.data = lane;
  uv_update_time(&run->loop);
  uv_timer_start(&run->pace_timer, send_next, wait_ms, 0);
}

static void send_next(uv_timer_t *timer) {
  struct lane *lane = timer->data;
  struct run *run = lane->run;
  if (!run_may_send(run)) return;
  /* A slow reply is waited for: its successor leaves right after it. */
  if (!exchange_has_room(lane->exchange)) return;
  if (!messages_send(lane, 1, 0)) return;
  if (has_sent_all(run))
    run_stop(run);
  else
    schedule(lane);
}

static void begin(struct lane *lane) {
  send_next((lane->run->pace_timer.data = lane, &lane->run->pace_timer));
}

static void go_on(struct lane *lane) {
  struct run *run = lane->run;
  run_check_drained(run);
  bool is_paused = run_may_send(run) && !uv_is_active((uv_handle_t *)&run->pace_timer);
  if (is_paused) schedule(lane);
}

static void on_bytes(struct lane *lane, const uint8_t *bytes, size_t length) {
  messages_take(lane, bytes, length, clock_now_ns());
  go_on(lane);
}

static void on_guard(struct lane *lane, uint64_t now_ns) {
  if (messages_expire(lane, now_ns) > 0) go_on(lane);
}

const struct workload workload_ping = {
    .name = "ping",
    .read_bytes = 64 * 1024,
    .greeting = messages_greeting,
    .prepare = messages_prepare,
    .begin = begin,
    .on_bytes = on_bytes,
    .on_guard = on_guard,
    .is_drained = messages_is_drained,
};
