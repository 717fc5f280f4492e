/* Charts of several lines with their axes: a distribution over durations, a figure over time. Pure. */
#ifndef LOPING_CLIENT_LIVE_CHART_H
#define LOPING_CLIENT_LIVE_CHART_H

#include <stdbool.h>

#include "client/live/live_view.h"
#include "client/stats/coarse.h"
#include "common/text/units.h"

/* The durations that an axis shows, both round; logarithmic where they are far apart. */
struct chart_range {
  double low_ns, high_ns;
  bool is_log;
};

/* From nearly the fastest to nearly the slowest: one in 2,000 at either end counts at the edge, so that a second mode
 * is in sight however rare, and a single straggler does not make the rest narrow. */
struct chart_range chart_range_of(const struct coarse *coarse);

/* The share of all counts (0 to 1) that falls into each of `columns` parts of the range; what lies outside counts at
 * its edge. */
void chart_shares(const struct coarse *coarse, const struct chart_range *range, size_t columns, double *shares);

/* Writes height + 2 lines: columns over durations. They grow with the square root of the share, so that a small mode
 * beside a large one is seen; the shares are written at the left. */
void chart_write_distribution(const struct coarse *coarse, const struct style *style, size_t height, live_line *put,
                              void *owner);

/* Writes `height` lines: a column for each value, the newest at the right; DRAW_GAP is none. `format` writes a value.
 */
void chart_write_time(const double *values, size_t count, const struct style *style, size_t height,
                      const char *(*format)(double value, char out[UNITS_TEXT_SIZE]), live_line *put, void *owner);

#endif
