/* The points of a result's charts, read from its JSON. Pure. */
#ifndef LOPING_CLIENT_PUBLISH_POINTS_H
#define LOPING_CLIENT_PUBLISH_POINTS_H

#include <jansson.h>
#include <stdbool.h>

#include "client/charts/chart.h"
#include "client/charts/waterfall.h"

/* How the round trips are spread: columns of one width, up to p99, as shares of all. */
void points_of_distribution(const json_t *run, struct chart_series *series);

/* The same of all of them, in columns each as many times wider than the one before. */
void points_of_whole_distribution(const json_t *run, struct chart_series *series);

/* Of a file beside others: the same columns for all, from `low` to `high`. */
void points_of_shared_distribution(const json_t *run, double low_ns, double high_ns, struct chart_series *series);

/* By percentile, from the histogram of that name ("histogram", "response_histogram"). */
void points_of_percentiles(const json_t *run, const char *name, struct chart_series *series);

enum points_over_time { POINTS_P50, POINTS_P99, POINTS_MAX, POINTS_BIT_RATE, POINTS_ROUND_TRIPS };

/* A figure of the run's slices over its seconds. Of more than a chart holds, the highest of several (of a rate the
 * lowest). */
void points_over_time(const json_t *run, enum points_over_time which, struct chart_series *series);

/* The parts of a round trip: those of its anatomy, or else its legs, by their means, which add up. Nothing where it has
 * neither. */
void points_of_parts(const json_t *run, struct waterfall *waterfall);

#endif
