/* ping: one message a second (or --interval), on a schedule that counts from the first one. */
#include "client/workloads/messages.h"
#include "client/workloads/workload.h"
#include "common/text/clock.h"

static void send_next(uv_timer_t *timer);

static bool has_sent_all(const struct run *run) {
  return run->plan->count > 0 && run->measured_sends >= run->plan->count;
}

/* The next moment is reckoned from the first, so that rounding to the timer's milliseconds does not add up. */
static void schedule(struct flow *flow) {
  struct run *run = flow->run;
  uint64_t due_ns = run->measure_start_ns + run->measured_sends * run->plan->interval_ns;
  uint64_t now_ns = clock_now_ns();
  uint64_t wait_ms = due_ns > now_ns ? (due_ns - now_ns + CLOCK_NS_PER_MS / 2) / CLOCK_NS_PER_MS : 0;
  run->pace_timer.data = flow;
  uv_update_time(&run->loop);
  uv_timer_start(&run->pace_timer, send_next, wait_ms, 0);
}

static void send_next(uv_timer_t *timer) {
  struct flow *flow = timer->data;
  struct run *run = flow->run;
  if (!run_may_send(run)) return;
  /* A slow reply is waited for: its successor leaves right after it. */
  if (!in_flight_has_room(flow->in_flight)) return;
  if (!messages_send(flow, 1, 0)) return;
  if (has_sent_all(run))
    run_stop(run);
  else
    schedule(flow);
}

static void begin(struct flow *flow) {
  send_next((flow->run->pace_timer.data = flow, &flow->run->pace_timer));
}

static void go_on(struct flow *flow) {
  struct run *run = flow->run;
  run_check_drained(run);
  bool is_paused = run_may_send(run) && !uv_is_active((uv_handle_t *)&run->pace_timer);
  if (is_paused) schedule(flow);
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  messages_take(flow, bytes, length, clock_now_ns());
  go_on(flow);
}

static void on_guard(struct flow *flow, uint64_t now_ns) {
  if (messages_expire(flow, now_ns) > 0) go_on(flow);
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
