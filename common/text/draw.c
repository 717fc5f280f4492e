/* See draw.h. Block elements are U+2580 to U+259F, box drawing is U+2500 to U+257F (The Unicode Standard). */
#include "common/text/draw.h"

#include <math.h>
#include <string.h>

#define EIGHTHS 8

/* From the left; index: eighths. */
static const char *const bars[] = {" ",
                                   "\xe2\x96\x8f",
                                   "\xe2\x96\x8e",
                                   "\xe2\x96\x8d",
                                   "\xe2\x96\x8c",
                                   "\xe2\x96\x8b",
                                   "\xe2\x96\x8a",
                                   "\xe2\x96\x89",
                                   "\xe2\x96\x88"};
/* From below. */
static const char *const heights[] = {" ",
                                      "\xe2\x96\x81",
                                      "\xe2\x96\x82",
                                      "\xe2\x96\x83",
                                      "\xe2\x96\x84",
                                      "\xe2\x96\x85",
                                      "\xe2\x96\x86",
                                      "\xe2\x96\x87",
                                      "\xe2\x96\x88"};
/* Of one row each is told from the next by what it covers; in a chart's column only the edge matters. */
static const char *const ascii_heights[] = {" ", "_", ".", ":", "-", "=", "+", "*", "#"};
static const char *const ascii_edges[] = {" ", ".", ".", ".", ":", ":", ":", "#", "#"};

#define LINE       "\xe2\x94\x80"
#define HEAVY      "\xe2\x94\x81"
#define HEAVY_HALF "\xe2\x95\xb8"
#define LINE_TICK  "\xe2\x94\xac"

struct row {
  char *out;
  size_t used;
};

static void put(struct row *row, const char *character) {
  size_t length = strlen(character);
  memcpy(row->out + row->used, character, length + 1);
  row->used += length;
}

static struct row begin(char out[DRAW_TEXT_SIZE]) {
  out[0] = '\0';
  return (struct row){out, 0};
}

static size_t at_most(size_t columns) {
  return columns < DRAW_COLUMNS_MAX ? columns : DRAW_COLUMNS_MAX;
}

static double clamp(double share) {
  if (!(share > 0)) return 0;
  return share < 1 ? share : 1;
}

/* Of `steps`, the nearest; the least mark for the least share. */
static size_t steps_of(double share, size_t steps) {
  size_t nearest = (size_t)(clamp(share) * (double)steps + 0.5);
  return nearest == 0 && share > 0 ? 1 : nearest;
}

const char *draw_bar(enum draw_set set, double share, size_t columns, char out[DRAW_TEXT_SIZE]) {
  struct row row = begin(out);
  columns = at_most(columns);
  size_t unit = set == DRAW_UNICODE ? EIGHTHS : 1, left = steps_of(share, columns * unit);
  for (size_t i = 0; i < columns; i++) {
    size_t here = left < unit ? left : unit;
    put(&row, set == DRAW_UNICODE ? bars[here] : here > 0 ? "#" : " ");
    left -= here;
  }
  return out;
}

/* There are no blocks that begin within a character: it begins with the one that its beginning falls into. */
const char *draw_span(enum draw_set set, double from, double to, size_t columns, char out[DRAW_TEXT_SIZE]) {
  columns = at_most(columns);
  size_t blanks = (size_t)(clamp(from) * (double)columns);
  if (blanks + 1 > columns) blanks = columns > 0 ? columns - 1 : 0;
  double rest = (double)(columns - blanks), end = clamp(to) * (double)columns - (double)blanks;
  memset(out, ' ', blanks);
  draw_bar(set, to > from ? end / rest : 0, columns - blanks, out + blanks);
  return out;
}

const char *draw_progress(enum draw_set set, double share, size_t columns, char out[DRAW_TEXT_SIZE]) {
  struct row row = begin(out);
  bool is_unicode = set == DRAW_UNICODE;
  columns = at_most(columns);
  if (!is_unicode && columns < 3) return out;
  /* Brackets say where it ends. */
  size_t inner = is_unicode ? columns : columns - 2, halves = (size_t)(clamp(share) * (double)(inner * 2));
  if (!is_unicode) put(&row, "[");
  for (size_t i = 0; i < inner; i++) {
    bool is_full = halves >= 2 * i + 2, is_half = halves == 2 * i + 1;
    if (is_unicode)
      put(&row, is_full ? HEAVY : is_half ? HEAVY_HALF : LINE);
    else
      put(&row, is_full ? "=" : is_half ? ">" : ".");
  }
  if (!is_unicode) put(&row, "]");
  return out;
}

double draw_share(double value, double low, double high, bool is_log) {
  if (value <= low) return 0;
  if (value >= high) return 1;
  return is_log ? (log(value) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low);
}

const char *draw_sparkline(enum draw_set set, const double *values, size_t count, double low, double high,
                           char out[DRAW_TEXT_SIZE]) {
  struct row row = begin(out);
  const char *const *marks = set == DRAW_UNICODE ? heights : ascii_heights;
  for (size_t i = 0; i < at_most(count); i++) {
    /* All alike is a calm line, wherever it stands. */
    double share = high > low ? draw_share(values[i], low, high, false) : 0;
    size_t level = values[i] < 0 ? 0 : 1 + (size_t)(share * (EIGHTHS - 1) + 0.5);
    put(&row, marks[level]);
  }
  return out;
}

const char *draw_chart_row(enum draw_set set, const double *shares, size_t count, size_t height, size_t row_number,
                           char out[DRAW_TEXT_SIZE]) {
  struct row row = begin(out);
  size_t below = (height - 1 - row_number) * EIGHTHS;
  for (size_t i = 0; i < at_most(count); i++) {
    size_t level = steps_of(shares[i], height * EIGHTHS);
    size_t here = level <= below ? 0 : level - below < EIGHTHS ? level - below : EIGHTHS;
    put(&row, set == DRAW_UNICODE ? heights[here] : ascii_edges[here]);
  }
  return out;
}

const char *draw_axis(enum draw_set set, const size_t *ticks, size_t tick_count, size_t columns,
                      char out[DRAW_TEXT_SIZE]) {
  struct row row = begin(out);
  size_t tick = 0;
  for (size_t i = 0; i < at_most(columns); i++) {
    bool is_tick = tick < tick_count && ticks[tick] == i;
    if (is_tick) tick++;
    if (set == DRAW_UNICODE)
      put(&row, is_tick ? LINE_TICK : LINE);
    else
      put(&row, is_tick ? "+" : "-");
  }
  return out;
}

size_t draw_columns(const char *text) {
  size_t count = 0;
  for (; *text != '\0'; text++)
    count += ((unsigned char)*text & 0xc0u) != 0x80u;
  return count;
}
