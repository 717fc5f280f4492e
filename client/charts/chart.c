/* Charts; see chart.h. */
#include "client/charts/chart.h"

#include <math.h>
#include <string.h>

#include "client/charts/markup.h"

/* Room for the axes' words. */
#define LEFT       84
#define RIGHT      18
#define TOP        30
#define BOTTOM     44
#define DOT        3
#define LEGEND_Y   14
#define LETTER     8 /* as wide as one is at the most, also where a narrow page makes them larger */
#define NAME_BYTES 40

struct frame {
  struct scale x, y;
};

bool chart_has_points(const struct chart *chart) {
  for (size_t i = 0; i < chart->series_count; i++)
    if (chart->series[i].count > 0) return true;
  return false;
}

struct range {
  double least, most;
};

static void take(struct range *range, double value) {
  if (value < range->least) range->least = value;
  if (value > range->most) range->most = value;
}

/* Where the column of the point ends. */
static double column_end(const struct chart_series *series, size_t i) {
  if (i + 1 < series->count) return series->points[i + 1].x;
  if (series->count < 2) return series->points[i].x;
  const struct chart_point *before = &series->points[series->count - 2];
  return series->points[i].x + (series->points[i].x - before->x);
}

static double column_end_on(const struct chart *chart, const struct chart_series *series, size_t i) {
  if (!chart->x.is_log || i + 1 < series->count || series->count < 2) return column_end(series, i);
  double before = series->points[series->count - 2].x, last = series->points[i].x;
  return before > 0 ? last * last / before : last;
}

static struct frame frame_of(const struct chart *chart) {
  struct range x = {INFINITY, -INFINITY}, y = {INFINITY, -INFINITY};
  for (size_t s = 0; s < chart->series_count; s++) {
    const struct chart_series *series = &chart->series[s];
    for (size_t i = 0; i < series->count; i++) {
      take(&x, series->points[i].x);
      if (chart->has_columns) take(&x, column_end_on(chart, series, i));
      if (!chart->y.is_log || series->points[i].y > 0) take(&y, series->points[i].y);
    }
  }
  if (!(x.most >= x.least)) x = (struct range){0, 1};
  if (!(y.most >= y.least)) y = (struct range){0, 1};
  if (chart->y.begins_at_zero) y.least = 0;
  /* Columns stand on the axis: the shortest can be seen, too. */
  if (chart->has_columns && chart->y.is_log) y.least /= 2;
  struct frame frame = {
      scale_make(chart->x.kind, chart->x.is_log, x.least, x.most, LEFT, CHART_WIDTH - RIGHT),
      scale_make(chart->y.kind, chart->y.is_log, y.least, y.most, CHART_HEIGHT - BOTTOM, TOP),
  };
  /* Their ends are those of the columns, and no round values. */
  if (chart->has_columns && !chart->x.is_log) {
    frame.x.low = x.least;
    frame.x.high = x.most > x.least ? x.most : x.least + 1;
  }
  return frame;
}

static void write_x_axis(const struct chart *chart, const struct scale *scale, FILE *out) {
  double ticks[SCALE_TICKS_MAX];
  char label[SCALE_LABEL_SIZE];
  size_t count = scale_ticks(scale, chart->x.kind == SCALE_PERCENTILE ? 8 : 6, ticks);
  double bottom = CHART_HEIGHT - BOTTOM, free_from = 0;
  for (size_t i = 0; i < count; i++) {
    double x = scale_place(scale, ticks[i]);
    scale_label(scale->kind, ticks[i], label);
    double half = (double)strlen(label) * LETTER / 2;
    fprintf(out, "<path class=\"grid\" d=\"M%.1f %dV%.0f\"/>", x, TOP, bottom);
    if (x - half < free_from) continue;
    free_from = x + half + LETTER;
    double middle = x + half > CHART_WIDTH ? CHART_WIDTH - half : x;
    fprintf(out, "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%.0f\">", middle, bottom + 16);
    markup_write(out, label);
    fputs("</text>", out);
  }
  fprintf(out, "<text class=\"axis\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">", (LEFT + CHART_WIDTH - RIGHT) / 2,
          CHART_HEIGHT - 8);
  markup_write(out, chart->x.label);
  if (chart->x.is_log) fputs(" (log axis)", out);
  fputs("</text>", out);
}

static void write_y_axis(const struct chart *chart, const struct scale *scale, FILE *out) {
  double ticks[SCALE_TICKS_MAX];
  char label[SCALE_LABEL_SIZE];
  size_t count = scale_ticks(scale, 8, ticks);
  for (size_t i = 0; i < count; i++) {
    double y = scale_place(scale, ticks[i]);
    fprintf(out,
            "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">",
            LEFT, y, CHART_WIDTH - RIGHT, LEFT - 6, y + 4);
    markup_write(out, scale_label(scale->kind, ticks[i], label));
    fputs("</text>", out);
  }
  int middle = (TOP + CHART_HEIGHT - BOTTOM) / 2;
  fprintf(out, "<text class=\"axis\" text-anchor=\"middle\" transform=\"translate(12 %d) rotate(-90)\">", middle);
  markup_write(out, chart->y.label);
  if (chart->y.is_log) fputs(" (log axis)", out);
  fputs("</text>", out);
}

static void write_columns(const struct chart *chart, const struct chart_series *series, const struct frame *frame,
                          size_t number, FILE *out) {
  double bottom = CHART_HEIGHT - BOTTOM;
  fprintf(out, "<path class=\"column s%zu\" d=\"", number);
  for (size_t i = 0; i < series->count; i++) {
    if (series->points[i].y <= 0) continue;
    double left = scale_place(&frame->x, series->points[i].x);
    double right = scale_place(&frame->x, column_end_on(chart, series, i));
    double gap = right - left > 4 ? 1 : 0;
    fprintf(out, "M%.1f %.1fV%.1fH%.1fV%.1fz", left, bottom, scale_place(&frame->y, series->points[i].y), right - gap,
            bottom);
  }
  fputs("\"/>", out);
}

static void write_line(const struct chart *chart, const struct chart_series *series, const struct frame *frame,
                       size_t number, FILE *out) {
  fprintf(out, "<path class=\"line s%zu\" d=\"", number);
  for (size_t i = 0; i < series->count; i++)
    fprintf(out, "%s%.1f %.1f", i == 0 ? "M" : "L", scale_place(&frame->x, series->points[i].x),
            scale_place(&frame->y, series->points[i].y));
  fputs("\"/>", out);
  if (!chart->has_dots && series->count > 1) return;
  for (size_t i = 0; i < series->count; i++)
    fprintf(out, "<circle class=\"dot s%zu\" r=\"%d\" cx=\"%.1f\" cy=\"%.1f\"/>", number, DOT,
            scale_place(&frame->x, series->points[i].x), scale_place(&frame->y, series->points[i].y));
}

static void write_legend(const struct chart *chart, FILE *out) {
  double x = LEFT;
  for (size_t i = 0; i < chart->series_count && chart->series_count > 1; i++) {
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s", chart->series[i].name);
    double width = 26 + (double)strlen(name) * LETTER + 14;
    if (x + width > CHART_WIDTH && i > 0) break;
    fprintf(out, "<path class=\"line s%zu\" d=\"M%.1f %dh20\"/><text class=\"tick\" x=\"%.1f\" y=\"%d\">", i, x,
            LEGEND_Y - 4, x + 25, LEGEND_Y);
    markup_write(out, name);
    fputs("</text>", out);
    x += width;
  }
}

void chart_write(const struct chart *chart, const char *where, FILE *out) {
  struct frame frame = frame_of(chart);
  fprintf(out, "<svg class=\"chart\" %sviewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", where, CHART_WIDTH,
          CHART_HEIGHT);
  markup_write(out, chart->title);
  fputs("\">", out);
  write_x_axis(chart, &frame.x, out);
  write_y_axis(chart, &frame.y, out);
  for (size_t i = 0; i < chart->series_count; i++) {
    if (chart->has_columns && chart->series_count == 1)
      write_columns(chart, &chart->series[i], &frame, i, out);
    else
      write_line(chart, &chart->series[i], &frame, i, out);
  }
  write_legend(chart, out);
  fputs("</svg>\n", out);
}

static void write_cell(const struct scale *scale, double value, FILE *out) {
  char label[SCALE_LABEL_SIZE];
  fputs("<td>", out);
  markup_write(out, scale_label(scale->kind, value, label));
  fputs("</td>", out);
}

void chart_write_table(const struct chart *chart, FILE *out) {
  struct frame frame = frame_of(chart);
  bool has_names = chart->series_count > 1;
  fputs("<table><thead><tr>", out);
  if (has_names) fputs("<th scope=\"col\">series</th>", out);
  fputs(chart->has_columns ? "<th scope=\"col\">from, " : "<th scope=\"col\">", out);
  markup_write(out, chart->x.label);
  fputs("</th><th scope=\"col\">", out);
  markup_write(out, chart->y.label);
  fputs("</th></tr></thead><tbody>\n", out);
  for (size_t s = 0; s < chart->series_count; s++) {
    const struct chart_series *series = &chart->series[s];
    for (size_t i = 0; i < series->count; i++) {
      const struct chart_point *point = &series->points[i];
      if (chart->has_columns && point->y <= 0) continue;
      double end = chart->has_columns ? column_end_on(chart, series, i) : point->x;
      double x = (scale_place(&frame.x, point->x) + scale_place(&frame.x, end)) / 2;
      fprintf(out, "<tr data-x=\"%.0f\" data-y=\"%.0f\">", x, scale_place(&frame.y, point->y));
      if (has_names) {
        fputs("<td>", out);
        markup_write(out, series->name);
        fputs("</td>", out);
      }
      write_cell(&frame.x, point->x, out);
      write_cell(&frame.y, point->y, out);
      fputs("</tr>\n", out);
    }
  }
  fputs("</tbody></table>\n", out);
}
