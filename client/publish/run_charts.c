/* See run_charts.h. */
#include "client/publish/run_charts.h"

#include <math.h>
#include <string.h>

#include "client/publish/points.h"

/* Beyond this the tail would press the rest against the axis. */
#define LOG_FROM 20.0

static double highest(const struct chart_series *series) {
  double most = 0;
  for (size_t i = 0; i < series->count; i++)
    if (series->points[i].y > most) most = series->points[i].y;
  return most;
}

static double lowest(const struct chart_series *series) {
  double least = INFINITY;
  for (size_t i = 0; i < series->count; i++)
    if (series->points[i].y > 0 && series->points[i].y < least) least = series->points[i].y;
  return least;
}

static bool needs_log(const struct chart *chart) {
  double most = 0, least = INFINITY;
  for (size_t i = 0; i < chart->series_count; i++) {
    double own_most = highest(&chart->series[i]), own_least = lowest(&chart->series[i]);
    most = own_most > most ? own_most : most;
    least = own_least < least ? own_least : least;
  }
  return most > least * LOG_FROM;
}

static const struct run_chart kinds[RUN_CHART_KINDS] = {
    [RUN_CHART_DISTRIBUTION] = {{.title = "Distribution",
                                 .x = {"round trip", SCALE_DURATION, false, false},
                                 .y = {"share of round trips", SCALE_SHARE, false, true},
                                 .has_columns = true},
                                "The usual round trips: up to p99, in columns of one width."},
    [RUN_CHART_WHOLE_DISTRIBUTION] = {{.title = "Distribution, to the slowest",
                                       .x = {"round trip", SCALE_DURATION, true, false},
                                       .y = {"share of round trips", SCALE_SHARE, true, false},
                                       .has_columns = true},
                                      "All of them. Both axes are logarithmic, so that the rare ones can be seen."},
    [RUN_CHART_PERCENTILES] = {{.title = "Percentiles",
                                .x = {"percentile", SCALE_PERCENTILE, false, false},
                                .y = {"round trip", SCALE_DURATION, false, false}},
                               "How long the given share took at most. Each further nine has the same room, as "
                               "HdrHistogram draws it."},
    [RUN_CHART_LATENCY_OVER_TIME] = {{.title = "Latency over time",
                                      .x = {"since the measuring began", SCALE_DURATION, false, true},
                                      .y = {"round trip", SCALE_DURATION, false, false},
                                      .has_dots = true},
                                     "One point for each second; of a long run, the highest of several."},
    [RUN_CHART_RATE_OVER_TIME] = {{.title = "Throughput over time",
                                   .x = {"since the measuring began", SCALE_DURATION, false, true},
                                   .y = {"one way", SCALE_BIT_RATE, false, true},
                                   .has_dots = true},
                                  "One point for each second; of a long run, the lowest of several."},
};

static struct chart_series *add(struct chart *chart, const char *name) {
  struct chart_series *series = &chart->series[chart->series_count++];
  series->name = name;
  series->count = 0;
  return series;
}

/* A series without points has no line, and no name. */
static void drop_empty(struct chart *chart) {
  if (chart->series[chart->series_count - 1].count == 0) chart->series_count--;
}

static void add_latency_over_time(const json_t *run, struct chart *chart) {
  static const struct {
    enum points_over_time which;
    const char *name;
  } lines[] = {{POINTS_P50, "p50"}, {POINTS_P99, "p99"}, {POINTS_MAX, "max"}};
  for (size_t i = 0; i < 3; i++) {
    points_over_time(run, lines[i].which, add(chart, lines[i].name));
    drop_empty(chart);
  }
}

static void add_percentiles(const json_t *run, struct chart *chart) {
  points_of_percentiles(run, "response_histogram", add(chart, "response time"));
  bool has_response = chart->series[0].count > 0;
  drop_empty(chart);
  points_of_percentiles(run, "histogram", add(chart, has_response ? "service time" : "round trip"));
  drop_empty(chart);
}

static bool finish(struct run_chart *chart, bool may_be_log) {
  if (may_be_log) chart->chart.y.is_log = needs_log(&chart->chart);
  return chart_has_points(&chart->chart);
}

bool run_chart_make(enum run_chart_kind kind, const json_t *run, struct chart_series *series, struct run_chart *chart) {
  *chart = kinds[kind];
  chart->chart.series = series;
  switch (kind) {
    case RUN_CHART_DISTRIBUTION:
      points_of_distribution(run, add(&chart->chart, "round trips"));
      return finish(chart, false);
    case RUN_CHART_WHOLE_DISTRIBUTION:
      points_of_whole_distribution(run, add(&chart->chart, "round trips"));
      return finish(chart, false);
    case RUN_CHART_PERCENTILES:
      add_percentiles(run, &chart->chart);
      return finish(chart, true);
    case RUN_CHART_LATENCY_OVER_TIME:
      add_latency_over_time(run, &chart->chart);
      return finish(chart, true);
    case RUN_CHART_RATE_OVER_TIME:
      if (read_is_stream(run)) {
        points_over_time(run, POINTS_BIT_RATE, add(&chart->chart, "one way"));
      } else {
        chart->chart.y = (struct chart_axis){"round trips a second", SCALE_RATE, false, true};
        points_over_time(run, POINTS_ROUND_TRIPS, add(&chart->chart, "round trips"));
      }
      return finish(chart, false);
    case RUN_CHART_KINDS:
      break;
  }
  return false;
}

static double edge_of(const json_t *run, bool is_last) {
  const json_t *histogram = read_group(run, "histogram");
  size_t count = json_array_size(histogram);
  return count == 0 ? NAN : json_number_value(json_array_get(json_array_get(histogram, is_last ? count - 1 : 0), 0));
}

static void add_overlay(enum run_chart_kind kind, const json_t *run, double low, double high, struct chart *chart,
                        const char *name) {
  struct chart_series *series = add(chart, name);
  if (kind == RUN_CHART_WHOLE_DISTRIBUTION)
    points_of_shared_distribution(run, low, high, series);
  else if (kind == RUN_CHART_PERCENTILES)
    points_of_percentiles(run, "histogram", series);
  else if (kind == RUN_CHART_LATENCY_OVER_TIME)
    points_over_time(run, POINTS_P50, series);
  else if (kind == RUN_CHART_RATE_OVER_TIME)
    points_over_time(run, read_is_stream(run) ? POINTS_BIT_RATE : POINTS_ROUND_TRIPS, series);
}

bool run_chart_overlay(enum run_chart_kind kind, const struct publish *publish, const json_t *const *runs,
                       struct chart_series *series, struct run_chart *chart) {
  double low = INFINITY, high = 0;
  *chart = kinds[kind];
  chart->chart.series = series;
  for (size_t i = 0; i < publish->count; i++) {
    double own_low = edge_of(runs[i], false), own_high = edge_of(runs[i], true);
    if (own_low < low) low = own_low;
    if (own_high > high) high = own_high;
  }
  for (size_t i = 0; i < publish->count; i++)
    if (runs[i] != NULL)
      add_overlay(kind, runs[i], low * 0.98 + 0.5, high * 1.001 + 1, &chart->chart, publish->names[i]);
  if (kind == RUN_CHART_LATENCY_OVER_TIME) chart->chart.y.label = "p50";
  if (kind == RUN_CHART_RATE_OVER_TIME && !read_is_stream(runs[0]))
    chart->chart.y = (struct chart_axis){"round trips a second", SCALE_RATE, false, true};
  return finish(chart, kind == RUN_CHART_PERCENTILES || kind == RUN_CHART_LATENCY_OVER_TIME);
}

static void add_sizes(const json_t *result, bool is_stream, const char *section, const char *field, const char *name,
                      struct chart *chart) {
  const json_t *runs = read_group(result, "runs");
  struct chart_series *series = add(chart, name);
  for (size_t i = 0; i < json_array_size(runs) && series->count < CHART_POINTS_MAX; i++) {
    const json_t *run = json_array_get(runs, i);
    double bytes = read_number(read_group(run, "workload"), "payload_bytes");
    double value = read_figure_named(run, section, field);
    if (read_is_stream(run) != is_stream || isnan(bytes) || isnan(value) || bytes == 0) continue;
    series->points[series->count++] = (struct chart_point){bytes, value};
  }
  drop_empty(chart);
}

bool run_chart_of_sizes(const json_t *result, bool is_stream, struct chart_series *series, struct run_chart *chart) {
  *chart = (struct run_chart){{.title = is_stream ? "Throughput by size" : "Latency by size",
                               .x = {"payload", SCALE_BYTES, true, false},
                               .y = {"round trip", SCALE_DURATION, false, false},
                               .has_dots = true,
                               .series = series},
                              "One point for each size that was measured."};
  if (is_stream) {
    chart->chart.y = (struct chart_axis){"one way", SCALE_BIT_RATE, false, true};
    add_sizes(result, true, "throughput", "bits_per_second", "one way", &chart->chart);
  } else {
    add_sizes(result, false, "rtt_ns", "p50", "p50", &chart->chart);
    add_sizes(result, false, "rtt_ns", "p99", "p99", &chart->chart);
  }
  return finish(chart, !is_stream) && chart->chart.series[0].count > 1;
}
