/*
 * The phases of a run, drawn in run.h. Knows libuv's timers; knows nothing of what a workload sends, and prints
 * nothing.
 */
#include "client/run/run.h"

#include "client/run/account.h"
#include "client/run/fault_question.h"
#include "common/text/clock.h"
#include "common/text/units.h"

void run_close_handle(uv_handle_t *handle) {
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

uint32_t run_server_pid(const struct run *run) {
  bool is_here = run->peer.endpoint.transport == TRANSPORT_UNIX || address_is_loopback(&run->peer.endpoint.address);
  if (!is_here) return 0;
  return run->result->peer.pid != 0 ? run->result->peer.pid : run->plan->server_pid;
}

void run_close(struct run *run) {
  if (run->phase == RUN_CLOSING) return;
  if (run->phase != RUN_OPENING) cpu_use_sample(run_server_pid(run), &run->cpu.end);
  run->phase = RUN_CLOSING;
  for (size_t i = 0; run->flows != NULL && i < run->opening.total; i++) {
    connection_close(run->flows[i].connection);
    run->flows[i].connection = NULL;
    run->flows[i].phase = FLOW_CLOSED;
  }
  run_close_handle((uv_handle_t *)&run->timers.phase);
  run_close_handle((uv_handle_t *)&run->timers.guard);
  run_close_handle((uv_handle_t *)&run->timers.poll);
  run_close_handle((uv_handle_t *)&run->timers.polled);
  run_close_handle((uv_handle_t *)&run->timers.tick);
  run_close_handle((uv_handle_t *)&run->signals.interrupt);
  run_close_handle((uv_handle_t *)&run->signals.terminate);
  run_close_handle((uv_handle_t *)&run->signals.hang_up);
  spinner_end(&run->spinner);
  run_close_handle((uv_handle_t *)&run->spinner.idle);
  if (run->turns.kind != NULL) run->turns.kind->close(run);
  if (run->is_workload_open && run->workload->close != NULL) run->workload->close(run);
}

void run_note_failure(struct run *run, enum client_step step, enum client_finding finding, int code) {
  run->has_failed = true;
  run->failure.step = step;
  run->failure.finding = finding;
  run->failure.code = code;
}

void run_fail(struct run *run, const struct flow *flow, enum client_step step, enum client_finding finding, int code) {
  if (run->has_failed || run->phase == RUN_CLOSING) return;
  account_make(run, flow, finding == CLIENT_FINDING_SILENT, &run->failure.account);
  run_note_failure(run, step, finding, code);
  run_close(run);
}

static bool is_pausing(const struct run *run) {
  return run->turns.kind != NULL && run->turns.kind->is_pausing(run);
}

/* A stream's server sends the rest and then its end; over UDP its answer comes behind the rest. */
static int finish_flow(struct flow *flow) {
  flow->phase = FLOW_FINISHING;
  if (flow->run->peer.endpoint.transport != TRANSPORT_UDP) return connection_finish(flow->connection);
  fault_question_write(flow->greeting);
  return connection_send(flow->connection, flow->greeting, sizeof flow->greeting);
}

/* True where nothing more is to come. */
static bool are_flushed(struct run *run) {
  bool is_all = true, is_flushed = run->peer.is_flushed_at_end && run->result->faults.is_on;
  for (size_t i = 0; is_flushed && i < run->opening.total; i++) {
    struct flow *flow = &run->flows[i];
    if (flow->phase == FLOW_READY && finish_flow(flow) != 0) flow->phase = FLOW_ENDED;
    is_all = is_all && flow->phase != FLOW_FINISHING;
  }
  return is_all;
}

static bool are_drained(const struct run *run) {
  for (size_t i = 0; i < run->opening.total; i++)
    if (!run->workload->is_drained(&run->flows[i])) return false;
  return true;
}

void run_check_drained(struct run *run) {
  if (run->phase != RUN_DRAINING && !is_pausing(run)) return;
  if (!are_drained(run)) return;
  if (run->phase != RUN_DRAINING)
    run->turns.kind->take_turn(run);
  else if (are_flushed(run))
    run_close(run);
}

void run_check_drain_limit(struct run *run, uint64_t now_ns) {
  char limit[UNITS_TEXT_SIZE];
  /* By the clock that times the messages: a timer of libuv may fire up to a millisecond early, and the last message
   * would be neither answered nor lost. */
  if (run->phase != RUN_DRAINING || now_ns <= run->stop_ns + run->plan->timeout_ns) return;
  if (are_drained(run)) {
    run_close(run);
    return;
  }
  result_run_add_note(run->result,
                      "Of what was still in flight at the end, not all had come %s later (--timeout), and it was not "
                      "waited for any longer: the rest is neither counted nor compared.",
                      units_format_duration((double)run->plan->timeout_ns, limit));
  run_close(run);
}

/* The guard looks at once, and each millisecond from now on. */
static void on_drained_enough(uv_timer_t *timer) {
  struct run *run = timer->data;
  uv_timer_set_repeat(&run->timers.guard, 1);
  uv_timer_again(&run->timers.guard);
}

/* Timers of libuv count whole milliseconds: a wait is rounded up. What was really measured is reported. */
static uint64_t to_ms(uint64_t ns) {
  return (ns + CLOCK_NS_PER_MS - 1) / CLOCK_NS_PER_MS;
}

void run_stop(struct run *run) {
  if (run->phase >= RUN_DRAINING) return;
  if (run->phase == RUN_OPENING) {
    run_close(run);
    return;
  }
  /* Time in which nothing came counts as well, or a stall at the end would raise the rates. */
  run->stop_ns = clock_now_ns();
  if (run->phase == RUN_MEASURING) run->tally.end_ns = run->stop_ns;
  run->phase = RUN_DRAINING;
  uv_update_time(&run->loop);
  uv_timer_start(&run->timers.phase, on_drained_enough, to_ms(run->plan->timeout_ns), 0);
  run_check_drained(run);
}

bool run_may_send(const struct run *run) {
  return (run->phase == RUN_WARMING || run->phase == RUN_MEASURING) && !is_pausing(run);
}

bool run_has_sent_all(const struct run *run) {
  return run->plan->count > 0 && run->tally.sends >= run->plan->count;
}

/* A run without a figure answers nothing, and a busy machine can be slower than a short duration: it goes on to the
 * first. The time limit still ends it, and so does Ctrl-C. */
static void on_measured_enough(uv_timer_t *timer) {
  struct run *run = timer->data;
  if (tally_has_begun_to_count(&run->tally))
    run_stop(run);
  else
    uv_timer_start(timer, on_measured_enough, 1, 0); /* fails only without a callback */
}

void run_begin_measuring(struct run *run, uint64_t start_ns) {
  run->phase = RUN_MEASURING;
  tally_begin(&run->tally, start_ns);
  uv_timer_stop(&run->timers.phase);
  if (run->plan->duration_ns > 0 && !run->workload->ends_itself)
    uv_timer_start(&run->timers.phase, on_measured_enough, to_ms(run->plan->duration_ns), 0);
}

static void on_warm(uv_timer_t *timer) {
  struct run *run = timer->data;
  uint64_t now_ns = clock_now_ns();
  if (!run->plan->extends_warmup || warm_up_add(&run->warm_up, account_sum_bytes(run), now_ns))
    run_begin_measuring(run, now_ns);
  else
    uv_timer_start(timer, on_warm, to_ms(warm_up_half_ns(&run->warm_up)), 0); /* fails only without a callback */
}

void run_begin(struct run *run) {
  cpu_use_sample(run_server_pid(run), &run->cpu.begin);
  run->phase = RUN_WARMING;
  run->begin_ns = clock_now_ns();
  /* The loop's own time is that of its last turn; timers count from there. */
  uv_update_time(&run->loop);
  bool is_timed = !run->workload->ends_itself;
  warm_up_begin(&run->warm_up, run->plan->warmup_ns, run->begin_ns);
  uint64_t warmup_ns = run->plan->extends_warmup ? warm_up_half_ns(&run->warm_up) : run->plan->warmup_ns;
  if (is_timed && run->plan->warmup_ns > 0)
    uv_timer_start(&run->timers.phase, on_warm, to_ms(warmup_ns), 0);
  else if (is_timed)
    run_begin_measuring(run, clock_now_ns());
  int code = run->turns.kind != NULL ? run->turns.kind->begin(run) : 0;
  if (code != 0) run_fail(run, NULL, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
  for (size_t i = 0; i < run->opening.total && run_may_send(run); i++)
    run->workload->begin(&run->flows[i]);
}
