/* Setting up a run, running its loop, and making its result. Knows no workload by name and prints nothing. */
#include "client/measure.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "client/busy_poll.h"
#include "client/confidence.h"
#include "client/floor_slices.h"
#include "client/lanes.h"
#include "common/clock.h"
#include "common/zero_copy.h"

#define TICK_MS 250

/* Was this process itself kept from running (stopped, or no CPU was free)? Then what came meanwhile lies unread, as the
 * loop calls timers before it reads: judged now, it would count as late. At most once in a row, so that the limit holds
 * on a machine that is always late, too. */
static bool was_asleep(struct run *run, uint64_t now_ns, uint64_t interval_ns) {
  bool is_late = run->guard_ns != 0 && now_ns - run->guard_ns > 2 * interval_ns;
  run->guard_ns = now_ns;
  run->has_guard_waited = is_late && !run->has_guard_waited;
  return run->has_guard_waited;
}

static void on_guard(uv_timer_t *timer) {
  uint64_t now_ns = clock_now_ns();
  if (!was_asleep(timer->data, now_ns, uv_timer_get_repeat(timer) * CLOCK_NS_PER_MS)) lanes_guard(timer->data, now_ns);
}

static void on_tick(uv_timer_t *timer) {
  const struct run *run = timer->data;
  run->observer->on_tick(run->observer->owner, run);
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
  uv_timer_t *const timers[] = {&run->phase_timer, &run->guard_timer, &run->tick_timer, &run->pace_timer};
  uv_signal_t *const signals[] = {&run->interrupt, &run->terminate};
  int code = 0;
  for (size_t i = 0; i < sizeof timers / sizeof timers[0] && code == 0; i++) {
    code = uv_timer_init(&run->loop, timers[i]);
    timers[i]->data = run;
  }
  for (size_t i = 0; i < sizeof signals / sizeof signals[0] && code == 0; i++) {
    code = uv_signal_init(&run->loop, signals[i]);
    signals[i]->data = run;
  }
  if (code == 0) code = busy_poll_init(run);
  return code;
}

static int start_handles(struct run *run) {
  /* A lane is found waiting at most a tenth of the limit too late. */
  uint64_t guard_ms = run->plan->timeout_ns / CLOCK_NS_PER_MS / 10;
  if (guard_ms < 10) guard_ms = 10;
  int code = uv_timer_start(&run->guard_timer, on_guard, guard_ms, guard_ms);
  if (code == 0 && run->observer->on_tick != NULL) code = uv_timer_start(&run->tick_timer, on_tick, TICK_MS, TICK_MS);
  if (code == 0) code = uv_signal_start(&run->interrupt, on_signal, SIGINT);
  if (code == 0) code = uv_signal_start(&run->terminate, on_signal, SIGTERM);
  return code;
}

/* Where that fails, the bytes are copied as usual, and the result says so. */
static void open_pattern_file(struct run *run) {
  size_t length;
  if (!run->plan->is_zero_copy || run->pattern == NULL || !zero_copy_is_possible()) return;
  const uint8_t *bytes = pattern_bytes(run->pattern, &length);
  run->has_pattern_file = zero_copy_file_create(bytes, length, &run->pattern_file) == 0;
}

static bool allocate(struct run *run) {
  const struct workload *workload = run->plan->workload;
  run->pattern = pattern_create(run->plan->seed);
  run->lanes = calloc(run->lane_count, sizeof *run->lanes);
  run->rtt = histogram_create();
  run->there = histogram_create();
  run->server = histogram_create();
  run->back = histogram_create();
  run->slice_rtt = histogram_create();
  run->response = histogram_create();
  run->pacing = histogram_create();
  run->handshake = histogram_create();
  run->transaction = histogram_create();
  run->same_cpu = histogram_create();
  run->other_cpu = histogram_create();
  run->buffer.length = workload->read_bytes;
  run->buffer.bytes = malloc(workload->read_bytes);
  open_pattern_file(run);
  return run->pattern != NULL && run->lanes != NULL && run->rtt != NULL && run->there != NULL && run->server != NULL &&
         run->back != NULL && run->slice_rtt != NULL && run->response != NULL && run->pacing != NULL &&
         run->handshake != NULL && run->transaction != NULL && run->same_cpu != NULL && run->other_cpu != NULL &&
         run->buffer.bytes != NULL;
}

static void release(struct run *run) {
  for (size_t i = 0; run->lanes != NULL && i < run->lane_count; i++)
    exchange_free(run->lanes[i].exchange);
  free(run->lanes);
  free(run->buffer.bytes);
  if (run->has_pattern_file) zero_copy_file_close(run->pattern_file);
  pattern_free(run->pattern);
  histogram_free(run->rtt);
  histogram_free(run->there);
  histogram_free(run->server);
  histogram_free(run->back);
  histogram_free(run->slice_rtt);
  histogram_free(run->response);
  histogram_free(run->pacing);
  histogram_free(run->handshake);
  histogram_free(run->transaction);
  histogram_free(run->same_cpu);
  histogram_free(run->other_cpu);
}

static void describe_workload(const struct run *run, struct result_workload *out) {
  const struct run_plan *plan = run->plan;
  out->name = plan->workload->name;
  out->direction = plan->workload->direction;
  out->transport = run->endpoint.transport;
  out->payload_bytes = plan->bytes;
  out->connections = plan->connections;
  /* In an open loop the depth only bounds memory. */
  out->depth = plan->workload->has_depth && plan->rate_per_second == 0 ? plan->depth : 0;
  out->interval_ns = plan->interval_ns;
  out->rate_per_second = (double)plan->rate_per_second;
  out->is_busy_poll = plan->is_busy_poll;
  out->warmup_ns = plan->warmup_ns;
  out->seed = plan->seed;
  out->is_pinned = plan->is_pinned;
  out->cpu = plan->cpu;
  out->keeps_nagle = plan->keeps_nagle;
  out->writes_per_message = out->direction == NULL ? plan->writes : 0;
  bool is_sink = run->greeting == GREETING_SINK;
  out->is_zero_copy = plan->is_zero_copy;
  out->is_sent_by_reference = run->has_pattern_file && run->greeting != GREETING_SOURCE;
  out->is_discarded_unread = is_sink ? run->is_unread_there : plan->is_zero_copy && zero_copy_is_possible();
  if (out->transport == TRANSPORT_UNIX) {
    memcpy(out->address, run->endpoint.path, sizeof run->endpoint.path);
  } else {
    address_format_host(&run->endpoint.address, out->address);
    out->port = address_port(&run->endpoint.address);
  }
}

static void add_notes(const struct run *run) {
  struct result_run *result = run->result;
  uint64_t bad_stamps = 0;
  for (size_t i = 0; i < run->lane_count; i++)
    if (run->lanes[i].exchange != NULL) bad_stamps += exchange_bad_stamps(run->lanes[i].exchange);
  if (bad_stamps > 0)
    result_run_add_note(result,
                        "%llu replies had server times that do not lie between sending and receiving; they "
                        "count as unstamped, and no legs are shown.",
                        (unsigned long long)bad_stamps);
  if (run->has_lost_slices)
    result_run_add_note(result, "The run was longer than %d one-second slices; the later ones are not listed.",
                        RESULT_INTERVALS_MAX);
}

static void collect_open_loop(struct run *run) {
  struct result_run *result = run->result;
  if (run->plan->rate_per_second == 0) return;
  result->has_response = run->round_trips > 0;
  if (result->has_response) {
    distribution_of(run->response, &result->response);
    result->response_histogram = run->response;
    run->response = NULL;
  }
  result->has_pacing = run->measured_sends > 1 && run->last_send_ns > run->measure_start_ns;
  if (!result->has_pacing) return;
  distribution_of(run->pacing, &result->pacing);
  /* The first message marks the beginning, so one less has been sent in the time after it. */
  double seconds = (double)(run->last_send_ns - run->measure_start_ns) / (double)CLOCK_NS_PER_SECOND;
  result->achieved_per_second = (double)(run->measured_sends - 1) / seconds;
}

/* Which round trips shared a CPU, how far the figures may be trusted, and who used the CPUs meanwhile. */
static void collect_statistics(const struct run *run) {
  struct result_run *result = run->result;
  result->has_same_cpu = histogram_count(run->same_cpu) > 0;
  result->has_other_cpu = histogram_count(run->other_cpu) > 0;
  if (result->has_same_cpu) distribution_of(run->same_cpu, &result->same_cpu);
  if (result->has_other_cpu) distribution_of(run->other_cpu, &result->other_cpu);
  /* Pings are too few a second for a slice of its own figures. */
  if (run->plan->interval_ns == 0) confidence_of(result->intervals, result->interval_count, &result->confidence);
  if (result->is_measured) cpu_use_between(&run->cpu_begin, &run->cpu_end, &result->cpu_use);
}

/* Turns what was counted into figures. */
static void collect(struct run *run) {
  struct result_run *result = run->result;
  describe_workload(run, &result->workload);
  run_finish_slices(run);
  uint64_t duration_ns = run->measure_end_ns - run->measure_start_ns;
  double seconds = (double)duration_ns / (double)CLOCK_NS_PER_SECOND;
  result->workload.duration_ns = duration_ns;
  result->has_rtt = run->round_trips > 0;
  if (result->has_rtt) {
    distribution_of(run->rtt, &result->rtt);
    result->rtt_histogram = run->rtt;
    run->rtt = NULL;
  }
  result->has_legs = result->has_rtt && run->unstamped == 0;
  if (result->has_legs) {
    distribution_of(run->there, &result->there);
    distribution_of(run->server, &result->server);
    distribution_of(run->back, &result->back);
  }
  collect_open_loop(run);
  result->has_handshake = histogram_count(run->handshake) > 0;
  if (result->has_handshake) {
    distribution_of(run->handshake, &result->handshake);
    distribution_of(run->transaction, &result->transaction);
  }
  collect_statistics(run);
  bool is_up = run->greeting == GREETING_SINK;
  result->has_throughput = seconds > 0;
  if (result->has_throughput) {
    result->throughput.bytes_sent = run->bytes_sent;
    result->throughput.bytes_received = run->bytes_received;
    result->throughput.bits_per_second = (double)(is_up ? run->bytes_sent : run->bytes_received) * 8 / seconds;
    result->throughput.round_trips_per_second = (double)run->round_trips / seconds;
  }
  if (run->plan->workload->finish != NULL) run->plan->workload->finish(run);
  floor_slices_finish(run);
  add_notes(run);
}

static bool measure_once(const struct run_plan *plan, const struct run_observer *observer, struct result_run *result,
                         struct client_failure *failure) {
  struct run run;
  memset(&run, 0, sizeof run);
  run.plan = plan;
  run.observer = observer;
  run.result = result;
  run.lane_count = (size_t)plan->connections;
  run.endpoint = plan->candidates[0];
  run.greeting = plan->workload->greeting(plan);
  run.failure.timeout_ns = plan->timeout_ns;
  int code = allocate(&run) ? uv_loop_init(&run.loop) : UV_ENOMEM;
  if (code == 0) {
    code = init_handles(&run);
    if (code == 0) code = start_handles(&run);
    if (code == 0) lanes_open(&run);
    if (code != 0) run_fail(&run, CLIENT_STEP_CONNECT, CLIENT_FINDING_NONE, code);
    uv_run(&run.loop, UV_RUN_DEFAULT);
    uv_loop_close(&run.loop);
  } else {
    run.has_failed = true;
    run.failure.code = code;
  }
  collect(&run);
  if (run.has_failed) {
    *failure = run.failure;
    failure->target = run.endpoint;
    failure->measured = run.round_trips;
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
