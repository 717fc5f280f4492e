/*
 * A chart of one or more series over two axes, as an SVG element that stands by itself or in a page, and the same
 * points as a table. Colours are classes (s0, s1, ...), each with a dash of its own, so that none is needed to tell
 * them apart. Draws what it is given: knows no result.
 */
#ifndef LOPING_CLIENT_CHARTS_CHART_H
#define LOPING_CLIENT_CHARTS_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "client/charts/scale.h"

#define CHART_SERIES_MAX 8
#define CHART_POINTS_MAX 256
#define CHART_WIDTH      560
#define CHART_HEIGHT     300

struct chart_point {
  double x, y;
};

struct chart_series {
  const char *name;
  size_t count;
  struct chart_point points[CHART_POINTS_MAX];
};

struct chart_axis {
  const char *label; /* "round trip" */
  enum scale_kind kind;
  bool is_log;
  bool begins_at_zero;
};

struct chart {
  const char *title;
  struct chart_axis x, y;
  bool has_columns; /* a column from each point's x to the next one's, the last as wide as the one before */
  bool has_dots;    /* few points, each of which counts */
  size_t series_count;
  struct chart_series *series; /* CHART_SERIES_MAX */
};

/* Is there anything to be drawn? */
bool chart_has_points(const struct chart *chart);

/* Writes <svg class="chart">...</svg> with a title for who cannot see it, `where` in front of its attributes: "" or
 * "x=\"0\" y=\"20\" ". */
void chart_write(const struct chart *chart, const char *where, FILE *out);

/* Writes <table>...</table>; each row has data-x and data-y, where its point stands in the drawing. */
void chart_write_table(const struct chart *chart, FILE *out);

#endif
