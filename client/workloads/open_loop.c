/*
 * latency --rate: an open loop. Messages leave on a schedule whatever the replies do, in turn over all connections.
 *
 *   n-th message is due at   start + n / rate        n counts from 0; the first rate * warm-up of them are not measured
 *
 * One that could not leave in time (the client was busy, or too many were in flight) leaves as soon as it can, and its
 * response time still counts from the moment it was due. So a stall of the server or of the client is not hidden: no
 * coordinated omission.
 */
#include "client/workloads/messages.h"
#include "client/workloads/workload.h"
#include "common/text/clock.h"

/* Messages sent in one turn of the loop at most, so that replies get their turn while a backlog is worked off. */
#define TURN_MAX 64

/* In whole numbers, so that nothing adds up over a long run: 24 h at a million a second stay below 2^63. */
static uint64_t due_ns(const struct run *run, uint64_t n) {
  uint64_t rate = run->plan->rate_per_second;
  return run->schedule_start_ns + n / rate * CLOCK_NS_PER_SECOND + n % rate * CLOCK_NS_PER_SECOND / rate;
}

static uint64_t warmup_count(const struct run *run) {
  return run->plan->warmup_ns * run->plan->rate_per_second / CLOCK_NS_PER_SECOND;
}

static bool has_sent_all(const struct run *run) {
  return run->plan->count > 0 && run->scheduled >= warmup_count(run) + run->plan->count;
}

/* Sends the next message of the schedule if it is due. */
static bool send_due(struct run *run, uint64_t now_ns) {
  uint64_t scheduled_ns = due_ns(run, run->scheduled);
  struct flow *flow = &run->flows[run->scheduled % run->flow_count];
  if (scheduled_ns > now_ns || !in_flight_has_room(flow->in_flight)) return false;
  if (run->scheduled == warmup_count(run)) run_begin_measuring(run, scheduled_ns);
  run->scheduled++;
  return messages_send(flow, 1, scheduled_ns);
}

static void go_on(struct run *run) {
  uint64_t now_ns = clock_now_ns();
  for (int i = 0; i < TURN_MAX && run_may_send(run) && !has_sent_all(run); i++)
    if (!send_due(run, now_ns)) break;
  if (!run_may_send(run)) return;
  if (has_sent_all(run)) {
    run_stop(run);
    return;
  }
  /* A full flow is woken by its next reply; a moment that is past would only make the loop spin. */
  if (!in_flight_has_room(run->flows[run->scheduled % run->flow_count].in_flight)) return;
  int code = pacer_set(run->pacer, due_ns(run, run->scheduled));
  if (code != 0) run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
}

static void on_due(void *owner) {
  go_on(owner);
}

static void begin(struct flow *flow) {
  struct run *run = flow->run;
  if (run->pacer != NULL) return;
  int code = pacer_create(&run->loop, on_due, run, &run->pacer);
  if (code != 0) {
    run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
    return;
  }
  run->schedule_start_ns = clock_now_ns();
  go_on(run);
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct run *run = flow->run;
  bool was_full = !in_flight_has_room(flow->in_flight);
  messages_take(flow, bytes, length, clock_now_ns());
  /* A full flow stopped the schedule without a moment to wake it. */
  if (was_full && run_may_send(run)) go_on(run);
  run_check_drained(run);
}

static void on_guard(struct flow *flow, uint64_t now_ns) {
  struct run *run = flow->run;
  if (messages_expire(flow, now_ns) > 0 && run_may_send(run)) go_on(run);
  run_check_drained(run);
}

const struct workload workload_open_loop = {
    .name = "latency",
    .ends_itself = true,
    .has_depth = true,
    .read_bytes = 64 * 1024,
    .greeting = messages_greeting,
    .prepare = messages_prepare,
    .begin = begin,
    .on_bytes = on_bytes,
    .on_guard = on_guard,
    .is_drained = messages_is_drained,
};
