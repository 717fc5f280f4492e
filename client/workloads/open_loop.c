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
#include "client/workloads/workloads.h"
#include "common/io/pacer.h"
#include "common/text/clock.h"
#include "common/text/units.h"

/* Messages sent in one turn of the loop at most, so that replies get their turn while a backlog is worked off. */
#define TURN_MAX 64

/* Of what waits, over all connections; what is due beyond waits, and its response time goes on counting. */
#define SCHEDULED_BYTES_MAX (UINT64_C(64) << 20)
#define SCHEDULED_DEPTH_MAX 65536

/* A schedule that cannot be kept is given up when it has taken so many times its own time, and at least so much more.
 */
#define SCHEDULE_TIMES_MAX 2
#define SCHEDULE_OVER_NS   CLOCK_NS_PER_SECOND

struct open_loop {
  struct messages_run messages;
  struct pacer *pacer;
  uint64_t start_ns;    /* of the schedule */
  uint64_t sent;        /* messages of the schedule, warm-up included */
  bool is_given_up;     /* beyond what this machine can */
  bool was_warmup_late; /* the warm-up already was: the schedule began anew after it */
};

/* How many messages fall due in a time; whole ones. */
static uint64_t messages_in(const struct run_plan *plan, uint64_t ns) {
  uint64_t rate = plan->messages_per_1000s;
  uint64_t thousandths = rate * (ns / CLOCK_NS_PER_SECOND) + rate * (ns % CLOCK_NS_PER_SECOND) / CLOCK_NS_PER_SECOND;
  return thousandths / 1000;
}

/* An open loop sends by the schedule, so the messages in flight are bounded only to bound memory; and it ends by its
 * count, so that just as many are measured as the schedule named. */
static void resolve(struct run_plan *plan) {
  uint64_t room = SCHEDULED_BYTES_MAX / plan->bytes / plan->connections;
  uint64_t scheduled = messages_in(plan, plan->duration_ns);
  plan->depth = room < 1 ? 1 : room > SCHEDULED_DEPTH_MAX ? SCHEDULED_DEPTH_MAX : room;
  if (plan->has_own_duration || plan->count == 0)
    if (plan->count == 0 || scheduled < plan->count) plan->count = scheduled < 1 ? 1 : scheduled;
}

/* In whole numbers, so that nothing adds up over a long run: 24 h at a million a second stay below 2^63, and so does a
 * second in ns times the rate. */
static uint64_t due_ns(const struct run *run, uint64_t n) {
  const struct open_loop *own = run->state;
  uint64_t rate = run->plan->messages_per_1000s, thousandths = n * 1000;
  return own->start_ns + thousandths / rate * CLOCK_NS_PER_SECOND + thousandths % rate * CLOCK_NS_PER_SECOND / rate;
}

static uint64_t warmup_count(const struct run *run) {
  return messages_in(run->plan, run->plan->warmup_ns);
}

static bool has_sent_all(const struct run *run) {
  const struct open_loop *own = run->state;
  return run->plan->count > 0 && own->sent >= warmup_count(run) + run->plan->count;
}

/* Is `now_ns` so far behind what the schedule named for its n-th message, counted from its m-th, that it is hopeless?
 */
static bool is_beyond(const struct run *run, uint64_t m, uint64_t n, uint64_t now_ns) {
  uint64_t begin_ns = due_ns(run, m), own_ns = due_ns(run, n) - begin_ns;
  uint64_t over_ns = (SCHEDULE_TIMES_MAX - 1) * own_ns;
  return now_ns > begin_ns + own_ns + (over_ns > SCHEDULE_OVER_NS ? over_ns : SCHEDULE_OVER_NS);
}

/* The warm-up counts for nothing, so that what it could not send is forgotten, and the schedule begins anew. */
static void restart_schedule(struct run *run, uint64_t now_ns) {
  struct open_loop *own = run->state;
  own->was_warmup_late = true;
  own->sent = warmup_count(run);
  own->start_ns += now_ns - due_ns(run, own->sent);
}

/* True when the measured part of the schedule is given up. */
static bool give_up(struct run *run, uint64_t now_ns) {
  struct open_loop *own = run->state;
  uint64_t warmup = warmup_count(run);
  if (own->sent < warmup && is_beyond(run, 0, warmup, now_ns)) restart_schedule(run, now_ns);
  if (run->plan->count == 0 || own->sent < warmup) return false;
  own->is_given_up = is_beyond(run, warmup, warmup + run->plan->count, now_ns);
  return own->is_given_up;
}

/* Messages leave in turn over all connections. */
static struct flow *next_flow(const struct run *run) {
  const struct open_loop *own = run->state;
  return &run->flows[own->sent % run->opening.total];
}

static bool has_room(const struct flow *flow) {
  return in_flight_has_room(messages_in_flight(flow));
}

/* Sends the next message of the schedule if it is due. */
static bool send_due(struct run *run, uint64_t now_ns) {
  struct open_loop *own = run->state;
  uint64_t scheduled_ns = due_ns(run, own->sent);
  struct flow *flow = next_flow(run);
  if (scheduled_ns > now_ns || !has_room(flow)) return false;
  if (own->sent == warmup_count(run)) run_begin_measuring(run, scheduled_ns);
  own->sent++;
  return messages_send(flow, 1, scheduled_ns);
}

/* A rate is that of the schedule, which ends when the message after the last would be due: N messages take N intervals.
 */
static void stop(struct run *run) {
  const struct open_loop *own = run->state;
  run_stop(run);
  if (!own->is_given_up && run->tally.sends > 0 && due_ns(run, own->sent) > run->tally.end_ns)
    run->tally.end_ns = due_ns(run, own->sent);
}

static void go_on(struct run *run) {
  struct open_loop *own = run->state;
  uint64_t now_ns = clock_now_ns();
  for (int i = 0; i < TURN_MAX && run_may_send(run) && !has_sent_all(run); i++)
    if (!send_due(run, now_ns)) break;
  if (!run_may_send(run)) return;
  if (has_sent_all(run) || give_up(run, now_ns)) {
    stop(run);
    return;
  }
  /* A full flow is woken by its next reply; a moment that is past would only make the loop spin. */
  if (!has_room(next_flow(run))) return;
  int code = pacer_set(own->pacer, due_ns(run, own->sent));
  if (code != 0) run_fail(run, NULL, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
}

static void on_due(void *owner) {
  go_on(owner);
}

static void begin(struct flow *flow) {
  struct run *run = flow->run;
  struct open_loop *own = run->state;
  if (own->pacer != NULL) return;
  int code = pacer_create(&run->loop, on_due, run, &own->pacer);
  if (code != 0) {
    run_fail(run, NULL, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
    return;
  }
  own->start_ns = clock_now_ns();
  go_on(run);
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct run *run = flow->run;
  bool was_full = !has_room(flow);
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

static void close_pacer(struct run *run) {
  struct open_loop *own = run->state;
  pacer_close(own->pacer);
  own->pacer = NULL;
}

static void note_capacity(struct run *run) {
  const struct open_loop *own = run->state;
  char took[UNITS_TEXT_SIZE], rate[UNITS_TEXT_SIZE], asked[UNITS_TEXT_SIZE], sent[UNITS_TEXT_SIZE],
      all[UNITS_TEXT_SIZE];
  if (!own->is_given_up) return;
  uint64_t time_ns = own->messages.last_send_ns - run->tally.begin_ns;
  double seconds = (double)time_ns / (double)CLOCK_NS_PER_SECOND;
  result_run_add_note(
      run->result,
      "Beyond capacity: of %s messages at %s a second, %s had left after %s: %s a second were possible. The schedule "
      "was given up at %d times its time, at least a second more. Response times count from the schedule, so they "
      "grew all the while.",
      units_format_count(run->plan->count, all), units_format_rate((double)run->plan->messages_per_1000s / 1000, asked),
      units_format_count(run->tally.sends, sent), units_format_duration((double)time_ns, took),
      units_format_rate(seconds > 0 ? (double)run->tally.sends / seconds : 0.0, rate), SCHEDULE_TIMES_MAX);
}

static void finish(struct run *run) {
  const struct open_loop *own = run->state;
  struct result_run *result = run->result;
  note_capacity(run);
  result->has_achieved = run->tally.sends > 1 && own->messages.last_send_ns > run->tally.begin_ns;
  if (result->has_achieved) {
    /* The first message marks the beginning, so one less has been sent in the time after it. */
    double seconds = (double)(own->messages.last_send_ns - run->tally.begin_ns) / (double)CLOCK_NS_PER_SECOND;
    result->achieved_per_second = (double)(run->tally.sends - 1) / seconds;
  }
  messages_finish(run);
}

const struct workload workload_open_loop = {
    .name = "latency",
    .defaults = {MESSAGES_BYTES, MESSAGES_DURATION_NS, MESSAGES_WARMUP_NS, 0},
    .ends_itself = true,
    .has_depth = true,
    .read_bytes = MESSAGES_READ_BYTES,
    .run_bytes = sizeof(struct open_loop),
    .flow_bytes = sizeof(struct messages_flow),
    .figure_count = MESSAGES_FIGURE_COUNT + 2,
    .figures = {MESSAGES_FIGURES, FIGURE_RESPONSE, FIGURE_PACING},
    .resolve = resolve,
    .is_possible = messages_are_possible,
    .greeting = messages_greeting,
    .prepare = messages_prepare,
    .begin = begin,
    .on_bytes = on_bytes,
    .on_guard = on_guard,
    .is_drained = messages_are_drained,
    .close = close_pacer,
    .finish = finish,
};
