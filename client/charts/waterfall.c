/* See waterfall.h. */
#include "client/charts/waterfall.h"

#include "client/charts/chart.h"
#include "client/charts/markup.h"
#include "client/charts/scale.h"
#include "common/text/units.h"

#define TOP     8
#define ROW     30
#define BOTTOM  36
#define BAR     12
#define LEFT    10
#define RIGHT   70
#define VALUE_X 6

static double whole_of(const struct waterfall *waterfall) {
  double whole = 0;
  for (size_t i = 0; i < waterfall->count; i++)
    whole += waterfall->parts[i].duration_ns;
  return whole;
}

static int height_of(const struct waterfall *waterfall) {
  return TOP + (int)waterfall->count * ROW + BOTTOM;
}

static struct scale scale_of(const struct waterfall *waterfall) {
  return scale_make(SCALE_DURATION, 0, 0, whole_of(waterfall), LEFT, CHART_WIDTH - RIGHT);
}

static void write_axis(const struct waterfall *waterfall, const struct scale *scale, FILE *out) {
  double ticks[SCALE_TICKS_MAX];
  char label[SCALE_LABEL_SIZE];
  size_t count = scale_ticks(scale, 6, ticks);
  int bottom = height_of(waterfall) - BOTTOM;
  for (size_t i = 0; i < count; i++) {
    double x = scale_place(scale, ticks[i]);
    fprintf(out, "<path class=\"grid\" d=\"M%.1f %dV%d\"/><text class=\"tick\" text-anchor=\"%s\" x=\"%.1f\" y=\"%d\">",
            x, TOP, bottom, i == 0 ? "start" : "middle", x, bottom + 18);
    markup_write(out, scale_label(scale->kind, ticks[i], label));
    fputs("</text>", out);
  }
}

void waterfall_write(const struct waterfall *waterfall, const char *where, FILE *out) {
  struct scale scale = scale_of(waterfall);
  char label[UNITS_TEXT_SIZE];
  double begin = 0;
  fprintf(out, "<svg class=\"chart\" %sviewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", where, CHART_WIDTH,
          height_of(waterfall));
  markup_write(out, waterfall->title);
  fputs("\">", out);
  write_axis(waterfall, &scale, out);
  for (size_t i = 0; i < waterfall->count; i++) {
    const struct waterfall_part *part = &waterfall->parts[i];
    double left = scale_place(&scale, begin), right = scale_place(&scale, begin + part->duration_ns);
    int y = TOP + (int)i * ROW;
    begin += part->duration_ns;
    fprintf(out, "<text class=\"tick\" x=\"%d\" y=\"%d\">", LEFT, y + 11);
    markup_write(out, part->label);
    fprintf(out,
            "</text><path class=\"column s%d\" d=\"M%.1f %dH%.1fv%dH%.1fz\"/><text class=\"tick\" x=\"%.1f\" y=\"%d\">",
            part->kind % CHART_SERIES_MAX, left, y + 15, right > left + 1 ? right : left + 1, BAR, left,
            right + VALUE_X, y + 15 + BAR - 2);
    markup_write(out, units_format_duration(part->duration_ns, label));
    fputs("</text>", out);
  }
  fputs("</svg>\n", out);
}

void waterfall_write_table(const struct waterfall *waterfall, FILE *out) {
  struct scale scale = scale_of(waterfall);
  char label[UNITS_TEXT_SIZE];
  double begin = 0;
  fputs("<table><thead><tr><th scope=\"col\">part</th><th scope=\"col\">takes</th></tr></thead><tbody>\n", out);
  for (size_t i = 0; i < waterfall->count; i++) {
    const struct waterfall_part *part = &waterfall->parts[i];
    double middle = scale_place(&scale, begin + part->duration_ns / 2);
    begin += part->duration_ns;
    fprintf(out, "<tr data-x=\"%.0f\" data-y=\"%d\"><td>", middle, TOP + (int)i * ROW + 15);
    markup_write(out, part->label);
    fputs("</td><td>", out);
    markup_write(out, units_format_duration(part->duration_ns, label));
    fputs("</td></tr>\n", out);
  }
  fputs("</tbody></table>\n", out);
}
