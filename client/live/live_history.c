/* See live_history.h. */
#include "client/live/live_history.h"

#include <string.h>

#include "common/text/clock.h"

/* A snapshot that comes a little early ends its second or cell as well. */
#define EARLY_NS (20 * CLOCK_NS_PER_MS)
/* A cell of a short run, so that its minute is not a few characters. */
#define CELL_NS_MIN (100 * CLOCK_NS_PER_MS)

static void begin_run(struct live_history *history, const struct live_snapshot *now) {
  memset(history, 0, sizeof *history);
  history->run = now->run;
  history->cell_ns = CLOCK_NS_PER_SECOND;
  if (now->total_ns == 0 || now->total_ns >= LIVE_CELLS * CLOCK_NS_PER_SECOND) return;
  uint64_t tenths = (now->total_ns / LIVE_CELLS + CELL_NS_MIN - 1) / CELL_NS_MIN;
  history->cell_ns = (tenths > 0 ? tenths : 1) * CELL_NS_MIN;
}

static void take_moment(const struct live_snapshot *now, struct live_moment *moment) {
  moment->elapsed_ns = now->elapsed_ns;
  moment->round_trips = now->round_trips;
  moment->bytes_moved = now->bytes_moved;
  moment->errors = now->errors;
  if (now->has_round_trips) moment->rtt = now->rtt;
}

static double rate_since(const struct live_snapshot *now, const struct live_moment *before) {
  double seconds = (double)(now->elapsed_ns - before->elapsed_ns) / 1e9;
  if (seconds <= 0) return 0;
  if (now->has_round_trips) return (double)(now->round_trips - before->round_trips) / seconds;
  return (double)(now->bytes_moved - before->bytes_moved) * 8 / seconds;
}

static void look_since(struct live_history *history, const struct live_snapshot *now, const struct live_moment *before,
                       struct live_window *window) {
  window->per_second = rate_since(now, before);
  window->errors = now->errors - before->errors;
  if (!now->has_round_trips) return;
  coarse_since(&now->rtt, &before->rtt, &history->difference);
  window->p50_ns = coarse_percentile(&history->difference, 50);
  window->p99_ns = coarse_percentile(&history->difference, 99);
}

static void close_cell(struct live_history *history, const struct live_snapshot *now) {
  struct live_window window = {0};
  look_since(history, now, &history->cell_begin, &window);
  history->cells[history->cell_count++ % LIVE_CELLS] = (struct live_cell){window.p99_ns, window.per_second};
  take_moment(now, &history->cell_begin);
}

/* The oldest moment of the last second; of a run's first second its beginning. */
static const struct live_moment *second_ago(const struct live_history *history, const struct live_snapshot *now) {
  static const struct live_moment begin;
  size_t kept = history->moment_count < LIVE_MOMENTS ? history->moment_count : LIVE_MOMENTS;
  if (now->elapsed_ns <= CLOCK_NS_PER_SECOND + EARLY_NS) return &begin;
  for (size_t i = history->moment_count - kept; i < history->moment_count; i++) {
    const struct live_moment *moment = &history->moments[i % LIVE_MOMENTS];
    if (now->elapsed_ns - moment->elapsed_ns <= CLOCK_NS_PER_SECOND + EARLY_NS) return moment;
  }
  /* Nobody looked for a while. */
  return kept > 0 ? &history->moments[(history->moment_count - 1) % LIVE_MOMENTS] : &begin;
}

/* By the time where it is known how long, by the number otherwise, and by what comes first where both are. */
static void tell_share(const struct live_snapshot *now, struct live_facts *facts) {
  double by_time = now->total_ns > 0 ? (double)now->elapsed_ns / (double)now->total_ns : -1;
  double by_count = now->wanted > 0 ? (double)now->round_trips / (double)now->wanted : -1;
  facts->share = by_time > by_count ? by_time : by_count;
  if (facts->share > 1) facts->share = 1;
  facts->left_ns =
      facts->share > 0 ? (uint64_t)((double)now->elapsed_ns * (1 - facts->share) / facts->share) : now->total_ns;
}

static void copy_cells(const struct live_history *history, struct live_facts *facts) {
  facts->cell_ns = history->cell_ns;
  facts->cell_count = history->cell_count < LIVE_CELLS ? history->cell_count : LIVE_CELLS;
  size_t first = history->cell_count - facts->cell_count;
  for (size_t i = 0; i < facts->cell_count; i++)
    facts->cells[i] = history->cells[(first + i) % LIVE_CELLS];
}

void live_history_add(struct live_history *history, const struct live_snapshot *now, struct live_facts *facts) {
  static const struct live_moment begin;
  memset(facts, 0, sizeof *facts);
  if (now->run != history->run) begin_run(history, now);
  facts->now = now;
  tell_share(now, facts);
  if (now->phase >= LIVE_MEASURING) {
    look_since(history, now, second_ago(history, now), &facts->last);
    look_since(history, now, &begin, &facts->all);
    take_moment(now, &history->moments[history->moment_count++ % LIVE_MOMENTS]);
    if (now->elapsed_ns - history->cell_begin.elapsed_ns + EARLY_NS >= history->cell_ns) close_cell(history, now);
  }
  copy_cells(history, facts);
}
