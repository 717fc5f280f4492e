/* See chart.h. */
#include "client/live/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MARGIN_COLUMNS 12
#define LINE_SIZE      1024
#define LABELS_SIZE    512
#define TICKS_MAX      32
/* 2^42 ns are less than 10^13. */
#define DECADES 13
/* From here on a linear axis would leave the fast ones a few columns. */
#define LOG_FROM 3.0

static const double steps[] = {1, 1.5, 2, 3, 5, 7, 10};
#define STEPS (sizeof steps / sizeof steps[0])

/* The round figure at or below, or at or above. */
static double round_figure(double value, bool is_up) {
  double power = pow(10, floor(log10(value)));
  for (size_t i = 0; is_up && i < STEPS; i++)
    if (steps[i] * power >= value * 0.9999) return steps[i] * power;
  for (size_t i = STEPS; i-- > 0;)
    if (steps[i] * power <= value * 1.0001) return steps[i] * power;
  return power;
}

struct chart_range chart_range_of(const struct coarse *coarse) {
  double low = coarse_percentile(coarse, 0.05), high = coarse_percentile(coarse, 99.95);
  struct chart_range range = {round_figure(low > 1 ? low : 1, false), round_figure(high > 1 ? high : 1, true), false};
  if (range.high_ns < range.low_ns * 1.5) range.high_ns = round_figure(range.low_ns * 1.5, true);
  range.is_log = range.high_ns / range.low_ns > LOG_FROM;
  return range;
}

static double place(const struct chart_range *range, double ns, size_t columns) {
  return draw_share(ns, range->low_ns, range->high_ns, range->is_log) * (double)columns;
}

/* A slot may be wider than a column: it counts in each by what it covers of it. */
void chart_shares(const struct coarse *coarse, const struct chart_range *range, size_t columns, double *shares) {
  memset(shares, 0, columns * sizeof *shares);
  for (size_t slot = 0; slot < COARSE_SLOTS; slot++) {
    if (coarse->slots[slot] == 0) continue;
    double share = (double)coarse->slots[slot] / (double)coarse->count;
    double from = place(range, (double)coarse_lower_ns(slot), columns);
    double to = place(range, (double)coarse_lower_ns(slot + 1), columns);
    size_t first = (size_t)from < columns ? (size_t)from : columns - 1;
    if (to - from <= 0) {
      shares[first] += share;
      continue;
    }
    for (size_t column = first; column < columns && (double)column < to; column++) {
      double begin = from > (double)column ? from : (double)column;
      double end = to < (double)column + 1 ? to : (double)column + 1;
      shares[column] += share * (end - begin) / (to - from);
    }
  }
}

static const char *format_tick(double ns, char out[UNITS_TEXT_SIZE]) {
  static const char *const units[] = {"ns", "us", "ms", "s"};
  size_t unit = 0;
  while (ns >= 999.9 && unit + 1 < sizeof units / sizeof units[0]) {
    ns /= 1000;
    unit++;
  }
  snprintf(out, UNITS_TEXT_SIZE, "%.3g %s", ns, units[unit]);
  return out;
}

struct axis {
  size_t count;
  size_t ticks[TICKS_MAX];
  char labels[LABELS_SIZE];
};

/* A tick where its label has room. */
static void add_tick(struct axis *axis, const struct chart_range *range, double ns, size_t columns) {
  char label[UNITS_TEXT_SIZE];
  size_t column = (size_t)(place(range, ns, columns) + 0.5), used = strlen(axis->labels);
  format_tick(ns, label);
  bool has_room = axis->count < TICKS_MAX && column + strlen(label) <= columns && (used == 0 || column >= used + 3);
  if (!has_room) return;
  axis->ticks[axis->count++] = column;
  snprintf(axis->labels + used, sizeof axis->labels - used, "%*s%s", (int)(column - used), "", label);
}

static void make_axis(const struct chart_range *range, size_t columns, struct axis *axis) {
  static const double decade[] = {1, 2, 5};
  axis->count = 0;
  axis->labels[0] = '\0';
  double power = pow(10, floor(log10(range->low_ns))), step = 0;
  if (range->is_log) {
    add_tick(axis, range, range->low_ns, columns);
    for (int exponent = 0; exponent <= DECADES; exponent++)
      for (size_t i = 0; i < sizeof decade / sizeof decade[0]; i++) {
        double ns = decade[i] * power * pow(10, exponent);
        if (ns > range->low_ns * 1.01 && ns <= range->high_ns * 1.001) add_tick(axis, range, ns, columns);
      }
    return;
  }
  step = round_figure((range->high_ns - range->low_ns) / 6, true);
  for (int i = 0; i < TICKS_MAX && range->low_ns + i * step <= range->high_ns * 1.001; i++)
    add_tick(axis, range, range->low_ns + i * step, columns);
}

static void put_line(const struct style *style, const char *margin, const char *row, live_line *put, void *owner) {
  char line[LINE_SIZE];
  snprintf(line, sizeof line, "%*s %s%s%s", MARGIN_COLUMNS - 1, margin, style->drawn, row, style->end);
  put(owner, line);
}

static size_t chart_columns(const struct style *style) {
  size_t columns = style->columns > MARGIN_COLUMNS + 1 ? style->columns - MARGIN_COLUMNS : 1;
  return columns < DRAW_COLUMNS_MAX ? columns : DRAW_COLUMNS_MAX;
}

/* The uppermost row, the middle one, and no other has its figure. */
static bool is_labelled(size_t row, size_t height) {
  return row == 0 || (height > 3 && row == height / 2);
}

void chart_write_distribution(const struct coarse *coarse, const struct style *style, size_t height, live_line *put,
                              void *owner) {
  double shares[DRAW_COLUMNS_MAX], most = 0;
  char row[DRAW_TEXT_SIZE], margin[UNITS_TEXT_SIZE], labels[LINE_SIZE];
  size_t columns = chart_columns(style);
  struct axis axis = {.count = 0};
  memset(shares, 0, sizeof shares);
  if (coarse->count > 0) {
    struct chart_range range = chart_range_of(coarse);
    chart_shares(coarse, &range, columns, shares);
    make_axis(&range, columns, &axis);
  }
  for (size_t i = 0; i < columns; i++)
    if (shares[i] > most) most = shares[i];
  for (size_t i = 0; i < columns; i++)
    shares[i] = most > 0 ? sqrt(shares[i] / most) : 0;
  for (size_t i = 0; i < height; i++) {
    double part = (double)(height - i) / (double)height;
    snprintf(margin, sizeof margin, "%.2g %%", 100 * most * part * part);
    bool is_shown = coarse->count > 0 && is_labelled(i, height);
    put_line(style, is_shown ? margin : "", draw_chart_row(style->set, shares, columns, height, i, row), put, owner);
  }
  put_line(style, "", draw_axis(style->set, axis.ticks, axis.count, columns, row), put, owner);
  snprintf(labels, sizeof labels, "%*s%s", MARGIN_COLUMNS, "", axis.labels);
  put(owner, labels);
}

void chart_write_time(const double *values, size_t count, const struct style *style, size_t height,
                      const char *(*format)(double value, char out[UNITS_TEXT_SIZE]), live_line *put, void *owner) {
  double shares[DRAW_COLUMNS_MAX], most = 0;
  char row[DRAW_TEXT_SIZE], margin[UNITS_TEXT_SIZE];
  size_t columns = chart_columns(style), first = count > columns ? count - columns : 0;
  for (size_t i = first; i < count; i++)
    if (values[i] > most) most = values[i];
  for (size_t i = first; i < count; i++)
    shares[i - first] = most > 0 && values[i] > 0 ? values[i] / most : 0;
  for (size_t i = 0; i < height; i++) {
    bool is_shown = most > 0 && is_labelled(i, height);
    format(most * (double)(height - i) / (double)height, margin);
    put_line(style, is_shown ? margin : "", draw_chart_row(style->set, shares, count - first, height, i, row), put,
             owner);
  }
}
