/* See live_view.h. */
#include "server/say/live_view.h"

#include <stdio.h>
#include <string.h>

#include "common/text/clock.h"
#include "common/text/units.h"

#define LINE_SIZE     1024
#define LABEL_COLUMNS 18
#define VALUE_COLUMNS 12
#define TOTAL_COLUMNS 15
#define SPARK_COLUMNS 60
/* Below this there is no room for what was so far. */
#define NARROW_COLUMNS 55

static const struct {
  const char *label;
  bool is_bytes;
  bool is_bad; /* where it is not 0 */
} rows[LIVE_FIGURES] = {
    [LIVE_OPEN] = {"connections open", false, false},
    [LIVE_OPENED] = {"opened a second", false, false},
    [LIVE_CLOSED] = {"closed a second", false, false},
    [LIVE_MESSAGES] = {"messages a second", false, false},
    [LIVE_IN] = {"in, a second", true, false},
    [LIVE_OUT] = {"out, a second", true, false},
    [LIVE_REFUSALS] = {"refusals a second", false, true},
    [LIVE_ERRORS] = {"errors a second", false, true},
};

static const char *format_value(enum live_figure figure, double value, char out[UNITS_TEXT_SIZE]) {
  if (rows[figure].is_bytes) return units_format_bytes(value, out);
  /* Something is never written as nothing. */
  if (value > 0 && value < 0.95) {
    snprintf(out, UNITS_TEXT_SIZE, "%.1f", value < 0.1 ? 0.1 : value);
    return out;
  }
  return units_format_count((uint64_t)(value + 0.5), out);
}

static const char *format_total(enum live_figure figure, uint64_t total, char out[UNITS_TEXT_SIZE]) {
  char count[UNITS_TEXT_SIZE];
  if (rows[figure].is_bytes) return units_format_bytes((double)total, out);
  snprintf(out, UNITS_TEXT_SIZE, figure == LIVE_OPEN ? "%s at most" : "%s", units_format_count(total, count));
  return out;
}

static void put_heading(const char *where, uint64_t elapsed_ns, const struct style *style, live_line *put,
                        void *owner) {
  char line[LINE_SIZE], time[UNITS_TEXT_SIZE];
  uint64_t seconds = elapsed_ns / CLOCK_NS_PER_SECOND;
  if (seconds >= 3600)
    snprintf(time, sizeof time, "%llu:%02u:%02u h", (unsigned long long)seconds / 3600, (unsigned)(seconds / 60 % 60),
             (unsigned)(seconds % 60));
  else if (seconds >= 60)
    snprintf(time, sizeof time, "%u:%02u min", (unsigned)(seconds / 60), (unsigned)(seconds % 60));
  else
    snprintf(time, sizeof time, "%u s", (unsigned)seconds);
  snprintf(line, sizeof line, "%slopong%s serves %s, for %s; Ctrl-C ends", style->strong, style->end, where, time);
  put(owner, line);
}

static void put_row(const struct live_counts *counts, enum live_figure figure, const struct style *style,
                    live_line *put, void *owner) {
  char line[LINE_SIZE], now[UNITS_TEXT_SIZE], total[UNITS_TEXT_SIZE], spark[DRAW_TEXT_SIZE];
  double cells[LIVE_CELLS], most = 0;
  uint64_t sum = live_counts_total(&live_counts_newest(counts)->stats, figure);
  int total_columns = style->columns < NARROW_COLUMNS ? 0 : TOTAL_COLUMNS;
  size_t fixed = LABEL_COLUMNS + VALUE_COLUMNS + 2 + (size_t)total_columns;
  size_t room = style->columns > fixed ? style->columns - fixed : 0;
  size_t count = live_counts_cells(counts, figure, cells);
  if (room > SPARK_COLUMNS) room = SPARK_COLUMNS;
  size_t first = count > room ? count - room : 0;
  for (size_t i = first; i < count; i++)
    if (cells[i] > most) most = cells[i];
  bool is_bad = rows[figure].is_bad && sum > 0;
  const char *dress = is_bad ? style->bad : figure == LIVE_MESSAGES ? style->strong : "";
  snprintf(line, sizeof line, "%-*s%s%*s%*s%s  %s%s%s", LABEL_COLUMNS, rows[figure].label, dress, VALUE_COLUMNS,
           format_value(figure, counts->now[figure], now), total_columns,
           total_columns > 0 ? format_total(figure, sum, total) : "", dress[0] != '\0' ? style->end : "", style->drawn,
           draw_sparkline(style->set, cells + first, count - first, 0, most, spark), style->end);
  put(owner, line);
}

/* What stands behind the sums: each counter that is not 0 by its name. */
static void put_reasons(const struct server_stats *stats, const struct style *style, live_line *put, void *owner) {
  char line[LINE_SIZE], count[UNITS_TEXT_SIZE];
  int used = snprintf(line, sizeof line, "%s", style->faint);
  const char *separator = "";
  for (size_t i = 0; i < server_stats_row_count; i++) {
    const struct server_stats_row *row = &server_stats_rows[i];
    uint64_t value = server_stats_value(stats, row);
    if (row->is_always_shown || value == 0 || (size_t)used >= sizeof line - 128) continue;
    used += snprintf(line + used, sizeof line - (size_t)used, "%s%s: %s", separator, row->label,
                     units_format_count(value, count));
    separator = "; ";
  }
  snprintf(line + used, sizeof line - (size_t)used, "%s", style->end);
  put(owner, separator[0] != '\0' ? line : "");
}

void live_view_write(const struct live_counts *counts, const char *where, const struct style *style, size_t lines,
                     live_line *put, void *owner) {
  const struct live_moment *newest = live_counts_newest(counts);
  char names[LINE_SIZE];
  size_t left = lines;
  if (left-- == 0) return;
  put(owner, "");
  if (left-- == 0) return;
  put_heading(where, newest->elapsed_ns, style, put, owner);
  if (left-- == 0) return;
  bool is_narrow = style->columns < NARROW_COLUMNS;
  snprintf(names, sizeof names, "%s%*s%*s%*s  %s%s", style->faint, LABEL_COLUMNS, "", VALUE_COLUMNS, "now",
           is_narrow ? 0 : TOTAL_COLUMNS, is_narrow ? "" : "so far",
           is_narrow ? "seconds" : "each second of the last minute", style->end);
  put(owner, names);
  for (int figure = 0; figure < LIVE_FIGURES && left > 0; figure++, left--)
    put_row(counts, (enum live_figure)figure, style, put, owner);
  if (left > 0) put_reasons(&newest->stats, style, put, owner);
}
