/* ping: one message a second (or --interval), on a schedule that counts from the first one. */
#include "client/workloads/messages.h"
#include "client/workloads/workloads.h"
#include "common/text/clock.h"

struct ping {
  struct messages_run messages;
  uv_timer_t pace_timer; /* its data is the flow */
};

static struct ping *ping_of(const struct flow *flow) {
  return flow->run->state;
}

static int begin_run(struct run *run) {
  struct ping *ping = run->state;
  return uv_timer_init(&run->loop, &ping->pace_timer);
}

static void send_next(uv_timer_t *timer);

/* The next moment is reckoned from the first, so that rounding to the timer's milliseconds does not add up. */
static void schedule(struct flow *flow) {
  struct run *run = flow->run;
  uint64_t due_ns = run->tally.begin_ns + run->tally.sends * run->plan->interval_ns;
  uint64_t now_ns = clock_now_ns();
  uint64_t wait_ms = due_ns > now_ns ? (due_ns - now_ns + CLOCK_NS_PER_MS / 2) / CLOCK_NS_PER_MS : 0;
  uv_update_time(&run->loop);
  uv_timer_start(&ping_of(flow)->pace_timer, send_next, wait_ms, 0);
}

static void send_next(uv_timer_t *timer) {
  struct flow *flow = timer->data;
  struct run *run = flow->run;
  if (!run_may_send(run)) return;
  /* A slow reply is waited for: its successor leaves right after it. */
  if (!in_flight_has_room(messages_in_flight(flow))) return;
  if (!messages_send(flow, 1, 0)) return;
  if (!run_has_sent_all(run)) {
    schedule(flow);
    return;
  }
  run_stop(run);
  /* N pings take N intervals, or the rate of a few would be that of one more. */
  uint64_t end_ns = run->tally.begin_ns + run->tally.sends * run->plan->interval_ns;
  if (end_ns > run->tally.end_ns) run->tally.end_ns = end_ns;
}

static void begin(struct flow *flow) {
  struct ping *ping = ping_of(flow);
  ping->pace_timer.data = flow;
  send_next(&ping->pace_timer);
}

static void go_on(struct flow *flow) {
  struct run *run = flow->run;
  run_check_drained(run);
  bool is_paused = run_may_send(run) && !uv_is_active((uv_handle_t *)&ping_of(flow)->pace_timer);
  if (is_paused) schedule(flow);
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  messages_take(flow, bytes, length, clock_now_ns());
  go_on(flow);
}

static void on_guard(struct flow *flow, uint64_t now_ns) {
  if (messages_expire(flow, now_ns) > 0) go_on(flow);
}

static void close_timer(struct run *run) {
  struct ping *ping = run->state;
  run_close_handle((uv_handle_t *)&ping->pace_timer);
}

const struct workload workload_ping = {
    .name = "ping",
    .traits =
        WORKLOAD_SIZED | WORKLOAD_COUNTED | WORKLOAD_PACED | WORKLOAD_SPLIT | WORKLOAD_DISTRIBUTED | WORKLOAD_TOLD,
    .defaults = {MESSAGES_BYTES, 0, 0, CLOCK_NS_PER_SECOND},
    .prints_each_reply = true,
    .read_bytes = MESSAGES_READ_BYTES,
    .run_bytes = sizeof(struct ping),
    .flow_bytes = sizeof(struct messages_flow),
    .figure_count = MESSAGES_FIGURE_COUNT,
    .figures = {MESSAGES_FIGURES},
    .is_possible = messages_are_possible,
    .greeting = messages_greeting,
    .begin_run = begin_run,
    .prepare = messages_prepare,
    .begin = begin,
    .on_bytes = on_bytes,
    .on_guard = on_guard,
    .is_drained = messages_are_drained,
    .close = close_timer,
    .finish = messages_finish,
};
