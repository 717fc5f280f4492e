/*
 * Figures drawn in one row of characters: bars, sparklines, the rows of a chart of columns. In blocks and lines of
 * Unicode, an eighth of a character fine, or in ASCII, where that is all that the reader's terminal has. Pure.
 *
 * What is not nothing is never drawn as nothing: the least share gets the least mark.
 */
#ifndef LOPING_COMMON_TEXT_DRAW_H
#define LOPING_COMMON_TEXT_DRAW_H

#include <stdbool.h>
#include <stddef.h>

enum draw_set { DRAW_ASCII, DRAW_UNICODE };

#define DRAW_COLUMNS_MAX 200
/* A character takes up to three bytes of UTF-8. */
#define DRAW_TEXT_SIZE (3 * DRAW_COLUMNS_MAX + 1)

/* No figure: a gap in a sparkline or a chart. */
#define DRAW_GAP (-1.0)

/* Each writes `columns` or `count` characters, at most DRAW_COLUMNS_MAX, into `out` and returns it. */

/* A bar of `share` (0 to 1) of the columns; the rest are blanks. */
const char *draw_bar(enum draw_set set, double share, size_t columns, char out[DRAW_TEXT_SIZE]);

/* A bar that begins at one share of the columns and ends at another, as a part of a whole does. */
const char *draw_span(enum draw_set set, double from, double to, size_t columns, char out[DRAW_TEXT_SIZE]);

/* How much of a known whole is done: what is left is drawn as well. */
const char *draw_progress(enum draw_set set, double share, size_t columns, char out[DRAW_TEXT_SIZE]);

/* A character for each value, as high as the value stands between `low` and `high`; DRAW_GAP is a blank. */
const char *draw_sparkline(enum draw_set set, const double *values, size_t count, double low, double high,
                           char out[DRAW_TEXT_SIZE]);

/* One row of a chart of columns that is `height` rows high: row 0 is the uppermost. `shares`: of the height, 0 to 1. */
const char *draw_chart_row(enum draw_set set, const double *shares, size_t count, size_t height, size_t row,
                           char out[DRAW_TEXT_SIZE]);

/* A line below a chart, with a tick in each column that `ticks` names, in rising order. */
const char *draw_axis(enum draw_set set, const size_t *ticks, size_t tick_count, size_t columns,
                      char out[DRAW_TEXT_SIZE]);

/* Where `value` stands between `low` and `high`: 0 to 1, on a logarithmic scale if asked for; `low` is above 0 then. */
double draw_share(double value, double low, double high, bool is_log);

/* How many characters `text` has. */
size_t draw_columns(const char *text);

#endif
