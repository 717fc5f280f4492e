/* The floor's turns in a run; see floor_turns.h. Knows no workload by name and prints nothing. */
#include "client/run/floor_turns.h"

#include <stdlib.h>

#include "client/result/cpu_use.h"
#include "client/run/floor.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"
#include "common/text/units.h"

#define SLICE_MS_MAX 100
/* So many turns at least, even in a short run. */
#define TURNS_MIN 5

struct floor_turns {
  struct floor *floor;
  struct histogram *rtt;
  uv_timer_t timer; /* the end of the workload's slice */
  uint64_t turn_ms;
  bool is_pausing;
  size_t count; /* that count: after the warm-up */
  uint64_t same_cpu;
  int code; /* why it could not go on */
};

static struct floor_turns *turns_of(const struct run *run) {
  return run->turns.state;
}

static void on_slice_over(uv_timer_t *timer) {
  struct run *run = timer->data;
  if (!run_may_send(run)) return;
  turns_of(run)->is_pausing = true;
  run_check_drained(run);
}

static uint64_t turn_ms_of(const struct run_plan *plan) {
  uint64_t ms = plan->duration_ns / TURNS_MIN / CLOCK_NS_PER_MS;
  if (plan->duration_ns == 0 || ms > SLICE_MS_MAX) return SLICE_MS_MAX;
  return ms == 0 ? 1 : ms;
}

static int begin(struct run *run) {
  struct floor_turns *turns = memory_take_zeroed(1, sizeof *turns);
  if (turns == NULL) return UV_ENOMEM;
  run->turns.state = turns;
  uv_timer_init(&run->loop, &turns->timer);
  turns->timer.data = run;
  turns->turn_ms = turn_ms_of(run->plan);
  turns->rtt = histogram_create();
  int code = turns->rtt == NULL ? UV_ENOMEM : 0;
  if (code == 0) code = floor_open(&run->peer.endpoint, run->plan->bytes, run_server_pid(run), &turns->floor);
  if (code == 0) code = uv_timer_start(&turns->timer, on_slice_over, turns->turn_ms, 0);
  return code;
}

static bool is_pausing(const struct run *run) {
  return run->turns.state != NULL && turns_of(run)->is_pausing;
}

/* The run's own clocks and timers go on as if no time had passed. */
static void skip_time(struct run *run, uint64_t passed_ns, uint64_t left_ms) {
  if (run->phase == RUN_MEASURING) tally_skip(&run->tally, passed_ns);
  uv_update_time(&run->loop);
  if (!uv_is_active((uv_handle_t *)&run->timers.phase)) return;
  /* Starts it anew with the callback that it has. */
  uv_timer_set_repeat(&run->timers.phase, left_ms == 0 ? 1 : left_ms);
  uv_timer_again(&run->timers.phase);
}

static void take_turn(struct run *run) {
  struct floor_turns *turns = turns_of(run);
  bool is_counted = run->phase == RUN_MEASURING;
  uint64_t unused = 0;
  struct cpu_sample before, after;
  uint64_t left_ms = uv_timer_get_due_in(&run->timers.phase);
  cpu_use_sample(run_server_pid(run), &before);
  turns->code = floor_run(turns->floor, turns->turn_ms * CLOCK_NS_PER_MS, is_counted ? turns->rtt : NULL,
                          is_counted ? &turns->same_cpu : &unused);
  cpu_use_sample(run_server_pid(run), &after);
  cpu_use_skip(&before, &after, &run->cpu.begin);
  skip_time(run, after.at_ns - before.at_ns, left_ms);
  turns->is_pausing = false;
  if (turns->code == 0) {
    if (is_counted) turns->count++;
    uv_timer_start(&turns->timer, on_slice_over, turns->turn_ms, 0);
  }
  for (size_t i = 0; i < run->opening.total && run_may_send(run); i++)
    run->workload->begin(&run->flows[i]);
}

static void close_turns(struct run *run) {
  if (run->turns.state != NULL) uv_close((uv_handle_t *)&turns_of(run)->timer, NULL);
}

/* Beyond so much of a difference the two were placed differently on the CPUs. */
#define PLACEMENT_PERCENT_MAX 25

static void note_placement(struct result_run *result) {
  uint64_t same = result->figures[FIGURE_SAME_CPU].count;
  uint64_t other = result->figures[FIGURE_OTHER_CPU].count;
  if (!result_has(result, FIGURE_FLOOR) || same + other == 0) return;
  double own_percent = 100 * (double)same / (double)(same + other);
  double apart = own_percent - result->floor.same_cpu_percent;
  if (apart <= PLACEMENT_PERCENT_MAX && apart >= -PLACEMENT_PERCENT_MAX) return;
  result_run_add_note(
      result,
      "The floor's two threads shared a CPU in %.0f %% of its round trips, client and server in %.0f %%: the ratio "
      "compares two placements. Pin both sides: taskset -c 0 lopong, and --cpu 1.",
      result->floor.same_cpu_percent, own_percent);
}

static void add_notes(const struct floor_turns *turns, struct result_run *result) {
  char counted[UNITS_COUNTED_SIZE];
  note_placement(result);
  if (turns->code != 0)
    result_run_add_note(result, "The floor of bare threads could not be measured to the end: %s (%s).",
                        uv_strerror(turns->code), uv_err_name(turns->code));
  else if (result_has(result, FIGURE_RTT) && turns->count < TURNS_MIN)
    result_run_add_note(
        result, "The floor had %s of %llu ms: too few to stand for the same moments as the run. Measure longer.",
        units_format_counted(turns->count, "turn", "turns", counted), (unsigned long long)turns->turn_ms);
}

static void finish(struct run *run) {
  struct floor_turns *turns = run->turns.state;
  struct result_run *result = run->result;
  struct result_floor *floor = &result->floor;
  if (turns == NULL) return;
  uint64_t count = turns->rtt == NULL ? 0 : histogram_count(turns->rtt);
  floor->is_known = count > 0 && result_has(result, FIGURE_RTT);
  if (floor->is_known) {
    distribution_of(turns->rtt, &result->figures[FIGURE_FLOOR]);
    floor->ratio_p50 = (double)result->figures[FIGURE_RTT].p50 / (double)result->figures[FIGURE_FLOOR].p50;
    floor->turns = turns->count;
    floor->turn_ns = turns->turn_ms * CLOCK_NS_PER_MS;
    floor->same_cpu_percent = 100 * (double)turns->same_cpu / (double)count;
  }
  add_notes(turns, result);
  floor_close(turns->floor);
  histogram_free(turns->rtt);
  free(turns);
  run->turns.state = NULL;
}

const struct run_turns floor_turns = {
    .begin = begin,
    .is_pausing = is_pausing,
    .take_turn = take_turn,
    .close = close_turns,
    .finish = finish,
};
