/* Setting up a run, running its loop, and making its result. Knows no workload by name and prints nothing. */
#include "client/run/measure.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "client/result/confidence.h"
#include "client/run/fault_account.h"
#include "client/run/floor_turns.h"
#include "client/run/flows.h"
#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "common/net/port_kind.h"
#include "common/text/clock.h"
#include "common/text/units.h"

static void on_polled(uv_check_t *check) {
  struct run *run = check->data;
  uv_check_stop(check);
  uv_idle_stop(&run->timers.poll);
  uint64_t now_ns = clock_now_ns();
  flows_guard(run, now_ns);
  run_check_drain_limit(run, now_ns);
}

static void on_nothing(uv_idle_t *idle) {
  (void)idle;
}

/* The loop calls timers before it reads. Where this process itself was kept from running (stopped, or no CPU was free),
 * what came meanwhile still lies unread, and would count as late: it is read first. */
static void on_guard(uv_timer_t *timer) {
  struct run *run = timer->data;
  /* Both fail only without a callback. */
  uv_idle_start(&run->timers.poll, on_nothing);
  uv_check_start(&run->timers.polled, on_polled);
}

static void on_tick(uv_timer_t *timer) {
  struct run *run = timer->data;
  if (!run->observer->on_tick(run->observer->owner, run)) run_close(run);
}

/* The first signal ends the measuring, and what is in flight is still waited for; the second ends everything. */
static void on_signal(uv_signal_t *signal, int number) {
  struct run *run = signal->data;
  (void)number;
  bool is_second = run->result->is_interrupted;
  run->result->is_interrupted = true;
  if (is_second)
    run_close(run);
  else
    run_stop(run);
}

/* Inits the run's handles. Each belongs to the loop from then on, and run_close() closes them all; so a failure in
 * between would leave some uninitialised. libuv's inits of timers and signals fail only without memory. */
static int init_handles(struct run *run) {
  uv_timer_t *const timers[] = {&run->timers.phase, &run->timers.guard, &run->timers.tick};
  uv_signal_t *const signals[] = {&run->signals.interrupt, &run->signals.terminate, &run->signals.hang_up};
  int code = 0;
  for (size_t i = 0; i < sizeof timers / sizeof timers[0] && code == 0; i++) {
    code = uv_timer_init(&run->loop, timers[i]);
    timers[i]->data = run;
  }
  for (size_t i = 0; i < sizeof signals / sizeof signals[0] && code == 0; i++) {
    code = uv_signal_init(&run->loop, signals[i]);
    signals[i]->data = run;
  }
  if (code == 0) code = uv_idle_init(&run->loop, &run->timers.poll);
  if (code == 0) code = uv_check_init(&run->loop, &run->timers.polled);
  run->timers.polled.data = run;
  if (code == 0) code = spinner_init(&run->spinner, &run->loop, run->plan->is_busy_poll, 0);
  return code;
}

static int start_handles(struct run *run) {
  /* A flow is found waiting at most a tenth of the limit too late. */
  uint64_t guard_ms = run->plan->timeout_ns / CLOCK_NS_PER_MS / 10;
  if (guard_ms < 10) guard_ms = 10;
  int code = uv_timer_start(&run->timers.guard, on_guard, guard_ms, guard_ms);
  if (code == 0 && run->observer->on_tick != NULL)
    code = uv_timer_start(&run->timers.tick, on_tick, run->observer->tick_ms, run->observer->tick_ms);
  if (code == 0) code = uv_signal_start(&run->signals.interrupt, on_signal, SIGINT);
  if (code == 0) code = uv_signal_start(&run->signals.terminate, on_signal, SIGTERM);
  if (code == 0 && !run->plan->ignores_hang_up) code = uv_signal_start(&run->signals.hang_up, on_signal, SIGHUP);
  return code;
}

/* The flows' memory, each with its workload's part behind it. */
static bool allocate_flows(struct run *run) {
  run->flows = memory_take_zeroed(run->opening.total, sizeof *run->flows);
  if (run->flows == NULL) return false;
  for (size_t i = 0; i < run->opening.total; i++) {
    run->flows[i].run = run;
    if (run->workload->flow_bytes == 0) continue;
    run->flows[i].state = memory_take_zeroed(1, run->workload->flow_bytes);
    if (run->flows[i].state == NULL) return false;
  }
  return true;
}

static int prepare_flows(struct run *run) {
  const struct workload *workload = run->workload;
  int code = workload->begin_run != NULL ? workload->begin_run(run) : 0;
  run->is_workload_open = code == 0;
  for (size_t i = 0; i < run->opening.total && code == 0 && workload->prepare != NULL; i++)
    code = workload->prepare(run, &run->flows[i]);
  return code;
}

static int allocate(struct run *run) {
  const struct workload *workload = run->workload;
  int code = tally_init(&run->tally, run->result, workload->figures, workload->figure_count);
  if (code != 0) return code;
  run->tally.on_round_trip = run->observer->on_round_trip;
  run->tally.on_interval = run->observer->on_interval;
  run->tally.owner = run->observer->owner;
  run->pattern = pattern_create(run->plan->seed);
  run->buffer.length = workload->read_bytes;
  run->buffer.bytes = memory_take(workload->read_bytes);
  if (workload->run_bytes > 0) run->state = memory_take_zeroed(1, workload->run_bytes);
  bool is_whole = run->pattern != NULL && run->buffer.bytes != NULL && (workload->run_bytes == 0 || run->state != NULL);
  return is_whole && allocate_flows(run) ? prepare_flows(run) : UV_ENOMEM;
}

static void release(struct run *run) {
  for (size_t i = 0; run->flows != NULL && i < run->opening.total; i++)
    free(run->flows[i].state);
  free(run->flows);
  free(run->state);
  free(run->buffer.bytes);
  pattern_free(run->pattern);
  tally_clear(&run->tally);
}

static void describe_workload(const struct run *run, struct result_workload *out) {
  const struct run_plan *plan = run->plan;
  out->name = run->workload->name;
  out->direction = run->workload->direction;
  out->transport = run->peer.endpoint.transport;
  out->payload_bytes = plan->bytes;
  out->connections = plan->connections;
  /* In an open loop the depth only bounds memory. */
  out->depth = run->workload->has_depth && plan->messages_per_1000s == 0 ? plan->depth : 0;
  out->interval_ns = plan->interval_ns;
  out->rate_per_second = (double)plan->messages_per_1000s / 1000;
  out->is_busy_poll = plan->is_busy_poll;
  out->warmup_ns = warm_up_is_extended(&run->warm_up) ? run->warm_up.taken_ns : plan->warmup_ns;
  out->seed = plan->seed;
  out->is_pinned = plan->is_pinned;
  out->cpu = plan->cpu;
  out->keeps_nagle = plan->keeps_nagle;
  out->writes_per_message = out->direction == NULL ? plan->writes : 0;
  out->is_zero_copy = plan->is_zero_copy;
  if (out->transport == TRANSPORT_UNIX) {
    memcpy(out->address, run->peer.endpoint.path, sizeof run->peer.endpoint.path);
  } else {
    address_format_host(&run->peer.endpoint.address, out->address);
    out->port = address_port(&run->peer.endpoint.address);
  }
}

/* Of a warm-up that was extended, the heading tells how long it was; that even so was not enough is a note. */
static void note_warm_up(const struct run *run) {
  char usual[UNITS_TEXT_SIZE], taken[UNITS_TEXT_SIZE], half[UNITS_TEXT_SIZE];
  const struct warm_up *own = &run->warm_up;
  if (!warm_up_is_extended(own) || warm_up_has_settled(own)) return;
  result_run_add_note(run->result,
                      "The warm-up was extended from %s to %s, and the rate had not settled even then: it still "
                      "changed by %.0f %% from one %s to the next. Choose a longer one with --warmup.",
                      units_format_duration((double)own->usual_ns, usual),
                      units_format_duration((double)own->taken_ns, taken), own->change * 100,
                      units_format_duration((double)warm_up_half_ns(own), half));
}

/* Turns what was counted into figures. */
static void collect(struct run *run) {
  struct result_run *result = run->result;
  describe_workload(run, &result->workload);
  /* Not even the counting had begun. */
  if (run->tally.result == NULL) return;
  note_warm_up(run);
  tally_finish(&run->tally, run->workload->counts_sent);
  /* Pings are too few a second for a slice of its own figures. */
  if (run->plan->interval_ns == 0) confidence_of(result->intervals, result->interval_count, &result->confidence);
  if (result->is_measured) cpu_use_between(&run->cpu.begin, &run->cpu.end, &result->cpu_use);
  /* Without its memory it has nothing to tell. */
  bool is_prepared = run->flows != NULL && (run->workload->run_bytes == 0 || run->state != NULL);
  if (is_prepared && run->workload->finish != NULL) run->workload->finish(run);
  if (run->turns.kind != NULL) run->turns.kind->finish(run);
  /* Datagrams have no welcome that tells it: then it is who holds the port, if that is a lopong too. */
  bool is_named = result->peer.kind == PEER_LOPONG && result->cpu_use.has_server;
  if (is_named && result->peer.pid == 0) result->peer.pid = run_server_pid(run);
}

/* Of all candidates, as they share the port. */
static bool is_never_lent(const struct endpoint *endpoint) {
  struct machine_ports ports;
  if (endpoint->transport == TRANSPORT_UNIX) return true;
  machine_port_settings(&ports);
  return ports.known && !port_kind_is_lent(address_port(&endpoint->address), &ports);
}

static bool measure_once(const struct run_plan *plan, const struct run_observer *observer, struct result_run *result,
                         struct client_failure *failure) {
  struct run run;
  memset(&run, 0, sizeof run);
  run.plan = plan;
  run.workload = plan->workload;
  run.observer = observer;
  run.turns.kind = plan->has_floor ? &floor_turns : NULL;
  run.result = result;
  run.opening.total = (size_t)plan->connections;
  run.peer.endpoint = plan->candidates[0];
  run.opening.cannot_reach_itself = is_never_lent(&plan->candidates[0]);
  run.peer.greeting = plan->workload->greeting(plan);
  run.failure.timeout_ns = plan->timeout_ns;
  int code = uv_loop_init(&run.loop);
  if (code == 0) {
    code = init_handles(&run);
    if (code == 0) code = allocate(&run);
    if (code == 0) code = start_handles(&run);
    /* Datagrams have no greeting. A server that said what it does wrong is there, whatever it drops. */
    if (code == 0 && run.peer.endpoint.transport == TRANSPORT_UDP) {
      fault_account_ask(&run);
      run.peer.has_answer = run.result->faults.is_counted;
    }
    if (code == 0) flows_open(&run);
    if (code != 0) run_fail(&run, NULL, CLIENT_STEP_CONNECT, CLIENT_FINDING_NONE, code);
    uv_run(&run.loop, UV_RUN_DEFAULT);
    uv_loop_close(&run.loop);
  } else {
    run_note_failure(&run, CLIENT_STEP_CONNECT, CLIENT_FINDING_NONE, code);
  }
  if (run.result->faults.is_on) fault_account_make(&run);
  collect(&run);
  if (run.has_failed) {
    *failure = run.failure;
    failure->target = run.peer.endpoint;
    strncpy(failure->host, plan->host, sizeof failure->host - 1);
  }
  release(&run);
  return !run.has_failed;
}

/* A UDP socket learns only with its first datagrams, when the run has begun, that nobody receives them. */
static bool is_refused_late(const struct client_failure *failure) {
  return failure->target.transport == TRANSPORT_UDP && failure->step == CLIENT_STEP_CONNECT &&
         failure->code == UV_ECONNREFUSED;
}

bool measure_run(const struct run_plan *plan, const struct run_observer *observer, struct result_run *result,
                 struct client_failure *failure) {
  struct run_plan rest = *plan;
  while (!measure_once(&rest, observer, result, failure)) {
    if (rest.candidate_count < 2 || !is_refused_late(failure)) return false;
    rest.candidate_count--;
    memmove(rest.candidates, rest.candidates + 1, rest.candidate_count * sizeof rest.candidates[0]);
    result_run_clear(result);
    result_run_init(result);
    memset(failure, 0, sizeof *failure);
  }
  return true;
}
