/* Which charts a run has, and what stands below each. */
#ifndef LOPING_CLIENT_PUBLISH_RUN_CHARTS_H
#define LOPING_CLIENT_PUBLISH_RUN_CHARTS_H

#include <stdbool.h>

#include "client/charts/chart.h"
#include "client/publish/read.h"

/* One chart of one or several results, ready to be drawn. */
struct run_chart {
  struct chart chart;
  const char *caption; /* what is seen there, and how it was made */
};

enum run_chart_kind {
  RUN_CHART_DISTRIBUTION,
  RUN_CHART_WHOLE_DISTRIBUTION,
  RUN_CHART_PERCENTILES,
  RUN_CHART_LATENCY_OVER_TIME,
  RUN_CHART_RATE_OVER_TIME,
  RUN_CHART_KINDS
};

/* Makes the chart of that kind of one run. `series`: CHART_SERIES_MAX, which it keeps. False where the run has nothing
 * for it. */
bool run_chart_make(enum run_chart_kind kind, const json_t *run, struct chart_series *series, struct run_chart *chart);

/* The same of the same run of several results, a line for each. */
bool run_chart_overlay(enum run_chart_kind kind, const struct publish *publish, const json_t *const *runs,
                       struct chart_series *series, struct run_chart *chart);

/* Of a sweep: p50 and p99, or bits a second, over the size of the payload. */
bool run_chart_of_sizes(const json_t *result, bool is_stream, struct chart_series *series, struct run_chart *chart);

#endif
