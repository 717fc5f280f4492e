/* See points.h. */
#include "client/publish/points.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "client/publish/read.h"

#define COLUMNS 60
/* A chart by percentile: so many points for each nine. */
#define POINTS_PER_NINE 24
#define SHOWN_SHARE     0.99
#define NUMBER_MOST     1e18

/* One row of the histogram: so many round trips of at most upper_ns. */
struct bucket {
  double upper_ns, count;
};

/* A walk over the good rows of a histogram, which must ascend. */
struct walk {
  const json_t *histogram;
  size_t next;
  struct bucket bucket; /* where it is */
};

/* False at the end. */
static bool go_on(struct walk *walk) {
  while (walk->next < json_array_size(walk->histogram)) {
    const json_t *row = json_array_get(walk->histogram, walk->next++);
    const json_t *upper = json_array_get(row, 0), *count = json_array_get(row, 1);
    if (!json_is_number(upper) || !json_is_number(count)) continue;
    struct bucket bucket = {json_number_value(upper), json_number_value(count)};
    if (bucket.upper_ns < walk->bucket.upper_ns || bucket.upper_ns > NUMBER_MOST) continue;
    if (!(bucket.count > 0) || bucket.count > NUMBER_MOST) continue;
    walk->bucket = bucket;
    return true;
  }
  return false;
}

struct extent {
  double total, least_ns, most_ns, shown_ns; /* at most shown_ns took SHOWN_SHARE of them */
};

static struct extent extent_of(const json_t *histogram) {
  struct extent extent = {0};
  struct walk walk = {.histogram = histogram}, again = {.histogram = histogram};
  double seen = 0;
  while (go_on(&walk)) {
    if (extent.total == 0) extent.least_ns = walk.bucket.upper_ns;
    extent.total += walk.bucket.count;
    extent.most_ns = walk.bucket.upper_ns;
  }
  while (seen < extent.total * SHOWN_SHARE && go_on(&again)) {
    seen += again.bucket.count;
    extent.shown_ns = again.bucket.upper_ns;
  }
  return extent;
}

/* Columns from low to high, all of one width, or each so many times as wide as the one before. */
static void fill_columns(const json_t *histogram, double low, double high, bool is_log, double total,
                         struct chart_series *series) {
  struct walk walk = {.histogram = histogram};
  double width = (high - low) / COLUMNS, factor = low > 0 ? pow(high / low, 1.0 / COLUMNS) : 1;
  series->count = 0;
  if (!(total > 0) || !(high > low) || (is_log && !(factor > 1))) return;
  series->count = COLUMNS;
  for (size_t i = 0; i < COLUMNS; i++)
    series->points[i] = (struct chart_point){is_log ? low * pow(factor, (double)i) : low + width * (double)i, 0};
  while (go_on(&walk)) {
    double place = is_log ? log(walk.bucket.upper_ns / low) / log(factor) : (walk.bucket.upper_ns - low) / width;
    if (!(place >= 0) || place > COLUMNS * 1.0001) continue;
    size_t column = (size_t)place < COLUMNS ? (size_t)place : COLUMNS - 1;
    series->points[column].y += 100 * walk.bucket.count / total;
  }
}

void points_of_distribution(const json_t *run, struct chart_series *series) {
  const json_t *histogram = read_group(run, "histogram");
  struct extent extent = extent_of(histogram);
  fill_columns(histogram, extent.least_ns * 0.98, extent.shown_ns * 1.001 + 1, false, extent.total, series);
}

void points_of_whole_distribution(const json_t *run, struct chart_series *series) {
  const json_t *histogram = read_group(run, "histogram");
  struct extent extent = extent_of(histogram);
  fill_columns(histogram, extent.least_ns * 0.98 + 0.5, extent.most_ns * 1.001 + 1, true, extent.total, series);
}

void points_of_shared_distribution(const json_t *run, double low_ns, double high_ns, struct chart_series *series) {
  const json_t *histogram = read_group(run, "histogram");
  fill_columns(histogram, low_ns, high_ns, true, extent_of(histogram).total, series);
}

void points_of_percentiles(const json_t *run, const char *name, struct chart_series *series) {
  const json_t *histogram = read_group(run, name);
  struct extent extent = extent_of(histogram);
  struct walk walk = {.histogram = histogram};
  double seen = 0, last_step = -1;
  series->count = 0;
  while (go_on(&walk)) {
    /* Below the percentile where it begins to hold: all before it took less. */
    double percent = 100 * seen / extent.total;
    double step = floor(-log10(1 - seen / extent.total) * POINTS_PER_NINE);
    seen += walk.bucket.count;
    bool is_last = seen >= extent.total;
    if (series->count >= CHART_POINTS_MAX || (step <= last_step && !is_last)) continue;
    series->points[series->count++] = (struct chart_point){percent, walk.bucket.upper_ns};
    last_step = step;
  }
}

static double slice_value(const json_t *slice, enum points_over_time which) {
  static const char *const names[] = {[POINTS_P50] = "rtt_p50_ns",
                                      [POINTS_P99] = "rtt_p99_ns",
                                      [POINTS_MAX] = "rtt_max_ns",
                                      [POINTS_BIT_RATE] = "bytes_moved",
                                      [POINTS_ROUND_TRIPS] = "round_trips"};
  double value = read_number(slice, names[which]), duration_ns = read_number(slice, "duration_ns");
  if (which < POINTS_BIT_RATE) return value;
  if (!(duration_ns > 0)) return NAN;
  return value * (which == POINTS_BIT_RATE ? 8 : 1) / (duration_ns / 1e9);
}

void points_over_time(const json_t *run, enum points_over_time which, struct chart_series *series) {
  const json_t *slices = read_group(run, "intervals");
  size_t all = json_array_size(slices), at_once = (all + CHART_POINTS_MAX - 1) / CHART_POINTS_MAX;
  series->count = 0;
  for (size_t i = 0; i < all; i++) {
    const json_t *slice = json_array_get(slices, i);
    double value = slice_value(slice, which), start_ns = read_number(slice, "start_ns");
    if (isnan(value) || isnan(start_ns)) continue;
    struct chart_point *last = series->count > 0 ? &series->points[series->count - 1] : NULL;
    if (last == NULL || i % at_once == 0) {
      if (series->count < CHART_POINTS_MAX) series->points[series->count++] = (struct chart_point){start_ns, value};
    } else if (which < POINTS_BIT_RATE ? value > last->y : value < last->y) {
      last->y = value;
    }
  }
}

static void add_part(const json_t *run, const struct result_section *section, int kind, struct waterfall *waterfall) {
  const struct result_field mean = {.name = "mean", .end = FIELD_ALONE};
  double duration_ns = read_figure(run, section, &mean);
  if (isnan(duration_ns) || waterfall->count == WATERFALL_PARTS_MAX) return;
  waterfall->parts[waterfall->count++] = (struct waterfall_part){section->label, duration_ns, kind};
}

/* Which of the four sorts a part of the anatomy is, so that like parts look alike. */
static int kind_of(size_t part) {
  static const int kinds[ANATOMY_PART_COUNT] = {
      [ANATOMY_TO_SERVER_SOCKET] = 0, [ANATOMY_SERVER_WAKEUP] = 1, [ANATOMY_SERVER_ASKING] = 3,
      [ANATOMY_SERVER_READ] = 2,      [ANATOMY_SERVER] = 2,        [ANATOMY_TO_CLIENT_SOCKET] = 0,
      [ANATOMY_CLIENT_WAKEUP] = 1,    [ANATOMY_CLIENT_ASKING] = 3, [ANATOMY_CLIENT_READ] = 2};
  return kinds[part];
}

void points_of_parts(const json_t *run, struct waterfall *waterfall) {
  waterfall->count = 0;
  for (size_t i = 0; i < ANATOMY_PART_COUNT; i++)
    add_part(run, result_section_of((enum figure)(FIGURE_ANATOMY + i)), kind_of(i), waterfall);
  if (waterfall->count > 0) return;
  add_part(run, result_section_of(FIGURE_THERE), 0, waterfall);
  add_part(run, result_section_of(FIGURE_SERVER), 2, waterfall);
  add_part(run, result_section_of(FIGURE_BACK), 0, waterfall);
}
