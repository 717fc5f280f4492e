/* See live_counts.h. */
#include "server/say/live_counts.h"

#include <string.h>

#include "common/text/clock.h"

/* A look that comes a little early ends its second as well. */
#define EARLY_NS (20 * CLOCK_NS_PER_MS)

/* All that went wrong and was no refusal of a connection. */
static uint64_t sum_errors(const struct server_stats *stats) {
  return stats->accept_errors + stats->receive_errors + stats->stuck_reset + stats->protocol_errors +
         stats->udp_dropped + stats->udp_refused + stats->udp_loops_cut;
}

uint64_t live_counts_total(const struct server_stats *stats, enum live_figure figure) {
  const uint64_t totals[LIVE_FIGURES] = {
      [LIVE_OPEN] = stats->peak_connections,
      [LIVE_OPENED] = stats->connections,
      [LIVE_CLOSED] = stats->connections - stats->open_connections,
      [LIVE_MESSAGES] = stats->messages,
      [LIVE_IN] = stats->bytes_in,
      [LIVE_OUT] = stats->bytes_out,
      [LIVE_REFUSALS] = stats->refusals,
      [LIVE_ERRORS] = sum_errors(stats),
  };
  return totals[figure];
}

static double since(const struct live_moment *now, const struct live_moment *before, enum live_figure figure) {
  double seconds = (double)(now->elapsed_ns - before->elapsed_ns) / 1e9;
  uint64_t late = live_counts_total(&now->stats, figure), early = live_counts_total(&before->stats, figure);
  if (figure == LIVE_OPEN) return (double)now->stats.open_connections;
  /* Threads answer each for itself: a sum of theirs may be behind another. */
  return seconds > 0 && late > early ? (double)(late - early) / seconds : 0;
}

const struct live_moment *live_counts_newest(const struct live_counts *counts) {
  static const struct live_moment start;
  return counts->moment_count == 0 ? &start : &counts->moments[(counts->moment_count - 1) % LIVE_MOMENTS];
}

/* The oldest moment of the last second; the start, within the first. */
static const struct live_moment *second_ago(const struct live_counts *counts, uint64_t elapsed_ns) {
  static const struct live_moment start;
  size_t kept = counts->moment_count < LIVE_MOMENTS ? counts->moment_count : LIVE_MOMENTS;
  if (elapsed_ns <= CLOCK_NS_PER_SECOND + EARLY_NS) return &start;
  for (size_t i = counts->moment_count - kept; i < counts->moment_count; i++) {
    const struct live_moment *moment = &counts->moments[i % LIVE_MOMENTS];
    if (elapsed_ns - moment->elapsed_ns <= CLOCK_NS_PER_SECOND + EARLY_NS) return moment;
  }
  return live_counts_newest(counts);
}

void live_counts_add(struct live_counts *counts, uint64_t elapsed_ns, const struct server_stats *stats) {
  const struct live_moment now = {.elapsed_ns = elapsed_ns, .stats = *stats};
  const struct live_moment *before = second_ago(counts, elapsed_ns);
  for (int figure = 0; figure < LIVE_FIGURES; figure++)
    counts->now[figure] = since(&now, before, (enum live_figure)figure);
  if (elapsed_ns - counts->cell_begin.elapsed_ns + EARLY_NS >= CLOCK_NS_PER_SECOND) {
    for (int figure = 0; figure < LIVE_FIGURES; figure++)
      counts->cells[figure][counts->cell_count % LIVE_CELLS] =
          since(&now, &counts->cell_begin, (enum live_figure)figure);
    counts->cell_count++;
    counts->cell_begin = now;
  }
  counts->moments[counts->moment_count++ % LIVE_MOMENTS] = now;
}

size_t live_counts_cells(const struct live_counts *counts, enum live_figure figure, double cells[LIVE_CELLS]) {
  size_t count = counts->cell_count < LIVE_CELLS ? counts->cell_count : LIVE_CELLS;
  for (size_t i = 0; i < count; i++)
    cells[i] = counts->cells[figure][(counts->cell_count - count + i) % LIVE_CELLS];
  return count;
}
