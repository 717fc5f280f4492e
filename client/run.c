/*
 * The phases of a run, drawn in run.h, and its counting. Knows libuv's timers; knows nothing of what a workload sends,
 * and prints nothing.
 */
#include "client/run.h"

#include "client/busy_poll.h"
#include "client/floor_slices.h"
#include "common/clock.h"
#include "common/machine.h"
#include "common/wire.h"

static void close_handle(uv_handle_t *handle) {
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

uint32_t run_server_pid(const struct run *run) {
  bool is_here = run->endpoint.transport == TRANSPORT_UNIX || address_is_loopback(&run->endpoint.address);
  if (!is_here) return 0;
  return run->result->peer.pid != 0 ? run->result->peer.pid : run->plan->server_pid;
}

void run_close(struct run *run) {
  if (run->phase == RUN_CLOSING) return;
  if (run->phase != RUN_OPENING) cpu_use_sample(run_server_pid(run), &run->cpu_end);
  run->phase = RUN_CLOSING;
  for (size_t i = 0; i < run->lane_count; i++) {
    connection_close(run->lanes[i].connection);
    run->lanes[i].connection = NULL;
    run->lanes[i].state = LANE_CLOSED;
  }
  close_handle((uv_handle_t *)&run->phase_timer);
  close_handle((uv_handle_t *)&run->guard_timer);
  close_handle((uv_handle_t *)&run->tick_timer);
  close_handle((uv_handle_t *)&run->pace_timer);
  busy_poll_close(run);
  floor_slices_close(run);
  pacer_close(run->pacer);
  run->pacer = NULL;
  close_handle((uv_handle_t *)&run->interrupt);
  close_handle((uv_handle_t *)&run->terminate);
}

void run_fail(struct run *run, enum client_step step, enum client_finding finding, int code) {
  if (run->has_failed || run->phase == RUN_CLOSING) return;
  run->has_failed = true;
  run->failure.step = step;
  run->failure.finding = finding;
  run->failure.code = code;
  run_close(run);
}

void run_check_drained(struct run *run) {
  bool is_pausing = floor_slices_is_pausing(run);
  if (run->phase != RUN_DRAINING && !is_pausing) return;
  for (size_t i = 0; i < run->lane_count; i++)
    if (!run->plan->workload->is_drained(&run->lanes[i])) return;
  if (run->phase == RUN_DRAINING)
    run_close(run);
  else
    floor_slices_take_turn(run);
}

void run_stop(struct run *run) {
  if (run->phase >= RUN_DRAINING) return;
  bool has_begun = run->phase != RUN_OPENING;
  if (!has_begun) {
    run_close(run);
    return;
  }
  /* Time in which nothing came counts as well, or a stall at the end would raise the rates. */
  if (run->phase == RUN_MEASURING) run->measure_end_ns = clock_now_ns();
  run->phase = RUN_DRAINING;
  uv_timer_stop(&run->phase_timer);
  uv_timer_stop(&run->pace_timer);
  run_check_drained(run);
}

bool run_may_send(const struct run *run) {
  return (run->phase == RUN_WARMING || run->phase == RUN_MEASURING) && !floor_slices_is_pausing(run);
}

/* A message whose reply is waited for, or bytes of a stream that were counted. */
static bool has_measured(const struct run *run) {
  return run->measured_sends > 0 || run->measure_end_ns > run->measure_start_ns;
}

/* A run without a figure answers nothing, and a busy machine can be slower than a short duration: it goes on to the
 * first. The time limit still ends it, and so does Ctrl-C. */
static void on_measured_enough(uv_timer_t *timer) {
  struct run *run = timer->data;
  if (has_measured(run))
    run_stop(run);
  else
    uv_timer_start(timer, on_measured_enough, 1, 0); /* fails only without a callback */
}

/* Timers of libuv count whole milliseconds: a wait is rounded up. What was really measured is reported. */
static uint64_t to_ms(uint64_t ns) {
  return (ns + CLOCK_NS_PER_MS - 1) / CLOCK_NS_PER_MS;
}

void run_begin_measuring(struct run *run, uint64_t start_ns) {
  run->phase = RUN_MEASURING;
  run->result->is_measured = true;
  run->measure_start_ns = run->measure_end_ns = run->slice_start_ns = start_ns;
  uv_timer_stop(&run->phase_timer);
  if (run->plan->duration_ns > 0 && !run->plan->workload->ends_itself)
    uv_timer_start(&run->phase_timer, on_measured_enough, to_ms(run->plan->duration_ns), 0);
  if (run->observer->on_measuring != NULL) run->observer->on_measuring(run->observer->owner, run);
}

static void on_warm(uv_timer_t *timer) {
  run_begin_measuring(timer->data, clock_now_ns());
}

void run_begin(struct run *run) {
  cpu_use_sample(run_server_pid(run), &run->cpu_begin);
  run->phase = RUN_WARMING;
  run->begin_ns = clock_now_ns();
  /* The loop's own time is that of its last turn; timers count from there. */
  uv_update_time(&run->loop);
  bool is_timed = !run->plan->workload->ends_itself;
  if (is_timed && run->plan->warmup_ns > 0)
    uv_timer_start(&run->phase_timer, on_warm, to_ms(run->plan->warmup_ns), 0);
  else if (is_timed)
    run_begin_measuring(run, clock_now_ns());
  int code = run->plan->has_floor ? floor_slices_begin(run) : 0;
  if (code != 0) run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
  for (size_t i = 0; i < run->lane_count && run_may_send(run); i++)
    run->plan->workload->begin(&run->lanes[i]);
}

static void close_slice(struct run *run, uint64_t now_ns) {
  struct result_interval slice = {
      .start_ns = run->slice_start_ns - run->measure_start_ns,
      .duration_ns = now_ns - run->slice_start_ns,
      .round_trips = histogram_count(run->slice_rtt),
      .bytes_moved = run->slice_bytes_moved,
      .rtt_p50_ns = histogram_percentile(run->slice_rtt, 50),
      .rtt_p99_ns = histogram_percentile(run->slice_rtt, 99),
      .rtt_max_ns = histogram_max(run->slice_rtt),
  };
  if (!result_run_add_interval(run->result, &slice)) run->has_lost_slices = true;
  if (run->observer->on_interval != NULL) run->observer->on_interval(run->observer->owner, run, &slice);
  histogram_reset(run->slice_rtt);
  run->slice_bytes_moved = 0;
  run->slice_start_ns = now_ns;
}

static void record_moved(struct run *run, size_t bytes, uint64_t now_ns) {
  run->slice_bytes_moved += bytes;
  run->measure_end_ns = now_ns;
  if (now_ns - run->slice_start_ns >= CLOCK_NS_PER_SECOND) close_slice(run, now_ns);
}

void run_record_sent(struct run *run, size_t bytes, uint64_t now_ns) {
  run->bytes_sent += bytes;
  record_moved(run, bytes, now_ns);
}

void run_record_received(struct run *run, size_t bytes, uint64_t now_ns) {
  run->bytes_received += bytes;
  record_moved(run, bytes, now_ns);
}

static void record_rtt(struct run *run, uint64_t rtt_ns) {
  histogram_record(run->rtt, rtt_ns);
  histogram_record(run->slice_rtt, rtt_ns);
  if (run->observer->on_round_trip != NULL) run->observer->on_round_trip(run->observer->owner, rtt_ns);
}

/* Did the reply stay on one CPU? Told only of stamped replies, and only on systems that name the CPU. */
static void record_placement(struct run *run, uint16_t server_cpu, uint64_t rtt_ns) {
  uint16_t client_cpu = machine_current_cpu();
  if (client_cpu == WIRE_CPU_UNKNOWN || server_cpu == WIRE_CPU_UNKNOWN) return;
  histogram_record(client_cpu == server_cpu ? run->same_cpu : run->other_cpu, rtt_ns);
}

void run_record_reply(struct run *run, const struct exchange_reply *reply, uint64_t receive_ns) {
  uint64_t rtt_ns = receive_ns - reply->send_ns;
  run->round_trips++;
  record_rtt(run, rtt_ns);
  if (run->plan->rate_per_second > 0) histogram_record(run->response, receive_ns - reply->scheduled_ns);
  if (reply->is_stamped) {
    record_placement(run, reply->server_cpu, rtt_ns);
    histogram_record(run->there, reply->server_receive_ns - reply->send_ns);
    histogram_record(run->server, reply->server_send_ns - reply->server_receive_ns);
    histogram_record(run->back, receive_ns - reply->server_send_ns);
  } else {
    run->unstamped++;
  }
  run_record_received(run, run->plan->bytes, receive_ns);
}

void run_record_transaction(struct run *run, uint64_t handshake_ns, uint64_t rtt_ns, uint64_t transaction_ns,
                            uint64_t now_ns) {
  run->round_trips++;
  run->unstamped++;
  histogram_record(run->handshake, handshake_ns);
  histogram_record(run->transaction, transaction_ns);
  record_rtt(run, rtt_ns);
  run_record_received(run, run->plan->bytes, now_ns);
}

/* A remainder of a few milliseconds would show a rate that means nothing. */
#define LEAST_SLICE_NS (100 * CLOCK_NS_PER_MS)

void run_finish_slices(struct run *run) {
  if (!run->result->is_measured || run->measure_end_ns <= run->slice_start_ns) return;
  bool is_only_one = run->result->interval_count == 0;
  if (is_only_one || run->measure_end_ns - run->slice_start_ns >= LEAST_SLICE_NS) close_slice(run, run->measure_end_ns);
}
