/* See svg.h. */
#include "client/publish/svg.h"

#include <math.h>
#include <stdlib.h>
#include <uv.h>

#include "client/charts/markup.h"
#include "client/publish/assets.h"
#include "client/publish/figures.h"
#include "client/publish/run_charts.h"
#include "common/memory/memory.h"

#define MARGIN   16
#define HEAD     62
#define RUNS_MAX 6

struct picture {
  int y; /* where the next row begins */
  struct chart_series *series;
  FILE *out;
};

static void write_text(const char *class, int y, const char *text, FILE *out) {
  fprintf(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, MARGIN, y);
  markup_write(out, text);
  fputs("</text>\n", out);
}

/* "p50 16.7 us   p99 60.9 us". */
static void write_main(const json_t *run, int y, FILE *out) {
  struct main_figure figures[FIGURES_MAIN_MAX];
  size_t count = figures_main(run, figures);
  char text[UNITS_TEXT_SIZE];
  fprintf(out, "<text class=\"text\" x=\"%d\" y=\"%d\">", MARGIN, y);
  for (size_t i = 0; i < count; i++) {
    fprintf(out, "<tspan%s>", i > 0 ? " dx=\"16\"" : "");
    markup_print(out, "%s ", figures[i].label);
    fputs("</tspan><tspan class=\"strong\">", out);
    markup_write(out, result_field_format_value(figures[i].kind, figures[i].value, text));
    fputs("</tspan>", out);
  }
  fputs("</text>\n", out);
}

/* Two charts side by side. */
static void write_row(struct picture *picture, const struct publish *publish, const json_t *const *runs) {
  static const enum run_chart_kind wanted[] = {RUN_CHART_WHOLE_DISTRIBUTION, RUN_CHART_PERCENTILES,
                                               RUN_CHART_RATE_OVER_TIME};
  struct run_chart chart;
  int column = 0;
  for (size_t i = 0; i < sizeof wanted / sizeof wanted[0] && column < 2; i++) {
    bool is_made = publish->count == 1 ? run_chart_make(wanted[i], runs[0], picture->series, &chart)
                                       : run_chart_overlay(wanted[i], publish, runs, picture->series, &chart);
    if (!is_made) continue;
    char where[96];
    snprintf(where, sizeof where, "x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" ", column * CHART_WIDTH, picture->y,
             CHART_WIDTH, CHART_HEIGHT);
    chart_write(&chart.chart, where, picture->out);
    column++;
  }
  if (column > 0) picture->y += CHART_HEIGHT;
}

static void write_runs(struct picture *picture, const struct publish *publish, size_t number) {
  const json_t *runs[PUBLISH_RESULTS_MAX] = {NULL};
  char title[READ_TITLE_SIZE];
  runs[0] = json_array_get(read_group(publish->results[0], "runs"), number);
  for (size_t i = 1; i < publish->count; i++) {
    size_t same = number;
    runs[i] = read_same_run(publish->results[i], runs[0], &same);
  }
  write_text("title", picture->y + 24, read_title(runs[0], title), picture->out);
  if (publish->count == 1) {
    write_text("text", picture->y + 42, read_conditions(runs[0], title), picture->out);
    write_main(runs[0], picture->y + 60, picture->out);
  }
  picture->y += HEAD;
  write_row(picture, publish, runs);
}

static size_t runs_of(const struct publish *publish) {
  size_t count = json_array_size(read_group(publish->results[0], "runs"));
  return count < RUNS_MAX ? count : RUNS_MAX;
}

int svg_write(const struct publish *publish, FILE *out) {
  struct picture picture = {.out = out};
  size_t count = runs_of(publish);
  int height = (int)count * (HEAD + CHART_HEIGHT) + MARGIN;
  picture.series = memory_take_zeroed(CHART_SERIES_MAX, sizeof *picture.series);
  if (picture.series == NULL) return UV_ENOMEM;
  fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n<style>",
          2 * CHART_WIDTH, height, 2 * CHART_WIDTH, height);
  for (size_t i = 0; assets_picture_style[i] != NULL; i++)
    fputs(assets_picture_style[i], out);
  fprintf(out, "</style>\n<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", 2 * CHART_WIDTH, height);
  for (size_t i = 0; i < count; i++)
    write_runs(&picture, publish, i);
  fputs("</svg>\n", out);
  free(picture.series);
  return 0;
}
