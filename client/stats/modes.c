/*
 * Looks for two modes in a histogram.
 *
 * The values are counted into cells of one ratio (a sixteenth of an octave, 4.4 %), so that a shape looks alike at
 * every scale, and seen through a window of seven cells, which evens out a coarse clock and small numbers. The best
 * valley splits the distribution; what is on each side of it must then be a mode and not a tail.
 */
#include "client/stats/modes.h"

#include <math.h>
#include <string.h>

#define CELLS_PER_OCTAVE 16
/* 1 ns to 2^42 ns, as HISTOGRAM_MAX_NS. */
#define CELLS (42 * CELLS_PER_OCTAVE)
/* A window reaches three cells to each side. */
#define REACH 3
/* A valley is at most this part of the lower peak, and lower by so many standard deviations of the counts (as those of
 * a Poisson process: the square root). */
#define VALLEY_RATIO      (1.0 / 3)
#define VALLEY_DEVIATIONS 5
/* A mode's peak window holds this share of its side; a tail spreads over many windows. */
#define PEAK_SHARE_MIN 0.3

struct cells {
  uint64_t total;
  uint64_t window[CELLS];    /* the count of the cell and its neighbours within REACH */
  uint64_t below[CELLS + 1]; /* the count of all cells before this one */
};

static size_t cell_of(uint64_t ns) {
  double cell = log2((double)ns) * CELLS_PER_OCTAVE;
  if (cell < 0) return 0;
  return cell < CELLS - 1 ? (size_t)cell : CELLS - 1;
}

static void fill_cells(const struct histogram *histogram, struct cells *cells) {
  uint64_t counts[CELLS] = {0}, upper_ns, count;
  size_t cursor = 0;
  memset(cells, 0, sizeof *cells);
  while (histogram_next(histogram, &cursor, &upper_ns, &count))
    counts[cell_of(upper_ns)] += count;
  for (size_t i = 0; i < CELLS; i++)
    cells->below[i + 1] = cells->below[i] + counts[i];
  for (size_t i = 0; i < CELLS; i++) {
    size_t first = i < REACH ? 0 : i - REACH;
    size_t after = i + REACH + 1 > CELLS ? CELLS : i + REACH + 1;
    cells->window[i] = cells->below[after] - cells->below[first];
  }
  cells->total = cells->below[CELLS];
}

static uint64_t highest(const uint64_t *windows, size_t count) {
  uint64_t most = 0;
  for (size_t i = 0; i < count; i++)
    if (windows[i] > most) most = windows[i];
  return most;
}

static bool is_mode(uint64_t peak, uint64_t side, uint64_t total) {
  return (double)side >= MODES_SHARE_MIN * (double)total && (double)peak >= PEAK_SHARE_MIN * (double)side;
}

/* How clear the valley at this cell is: its count as a part of the lower peak; 1 when it is none. */
static double judge_valley(const struct cells *cells, size_t cell) {
  double valley = (double)cells->window[cell];
  uint64_t left = highest(cells->window, cell), right = highest(cells->window + cell + 1, CELLS - cell - 1);
  double peak = (double)(left < right ? left : right);
  if (!is_mode(left, cells->below[cell], cells->total)) return 1;
  if (!is_mode(right, cells->total - cells->below[cell], cells->total)) return 1;
  if (valley > peak * VALLEY_RATIO || peak - valley < VALLEY_DEVIATIONS * sqrt(peak + valley)) return 1;
  return valley / peak;
}

/* The median of the values from rank `before` + 1 to `before` + `count`. */
static uint64_t median_of(const struct histogram *histogram, uint64_t before, uint64_t count) {
  uint64_t wanted = before + (count + 1) / 2, seen = 0, upper_ns = 0, here;
  size_t cursor = 0;
  while (seen < wanted && histogram_next(histogram, &cursor, &upper_ns, &here))
    seen += here;
  return upper_ns;
}

bool modes_find(const struct histogram *histogram, struct mode modes[2]) {
  struct cells cells;
  double best = 1;
  size_t split = 0;
  if (histogram_count(histogram) < MODES_SAMPLES_MIN) return false;
  fill_cells(histogram, &cells);
  size_t first = cell_of(histogram_min(histogram)), last = cell_of(histogram_max(histogram));
  for (size_t i = first + 1; i < last; i++) {
    double clarity = judge_valley(&cells, i);
    if (clarity >= best) continue;
    best = clarity;
    split = i;
  }
  if (best >= 1) return false;
  modes[0].count = cells.below[split];
  modes[1].count = cells.total - cells.below[split];
  modes[0].p50_ns = median_of(histogram, 0, modes[0].count);
  modes[1].p50_ns = median_of(histogram, modes[0].count, modes[1].count);
  return (double)modes[1].p50_ns > (double)modes[0].p50_ns * MODES_RATIO_MIN;
}
