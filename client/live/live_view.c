/* See live_view.h. */
#include "client/live/live_view.h"

#include <stdio.h>
#include <string.h>

#include "client/live/chart.h"
#include "common/text/clock.h"
#include "common/text/units.h"

#define LINE_SIZE 1024
#define TENTH_NS  (CLOCK_NS_PER_SECOND / 10)
/* Beyond this the eye has far to go. */
#define COLUMNS_MAX    110
#define LABEL_COLUMNS  15
#define VALUE_COLUMNS  11
#define RATE_COLUMNS   14
#define PROGRESS_WORDS 30
#define SPARK_WORDS    22
/* Below this errors have a column only if there are any, and words are fewer. */
#define NARROW_COLUMNS  59
#define NARROW_LABEL    12
#define NARROW_VALUE    9
#define CAPTION_COLUMNS 76
/* Lines without a chart, and with one: what stands around it. */
#define LINES_PLAIN  7
#define LINES_AROUND 12
#define HEIGHT_MIN   3
#define HEIGHT_MAX   7

struct page {
  const struct live_facts *facts;
  struct style style;
  size_t lines;
  live_line *put;
  void *owner;
};

static const char *format_rate(double per_second, char out[UNITS_TEXT_SIZE]) {
  return units_format_count((uint64_t)(per_second + 0.5), out);
}

static const char *format_time(uint64_t ns, char out[UNITS_TEXT_SIZE]) {
  uint64_t seconds = ns / CLOCK_NS_PER_SECOND;
  if (seconds >= 3600)
    snprintf(out, UNITS_TEXT_SIZE, "%llu:%02u:%02u h", (unsigned long long)seconds / 3600,
             (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
  else if (seconds >= 100)
    snprintf(out, UNITS_TEXT_SIZE, "%llu:%02u min", (unsigned long long)seconds / 60, (unsigned)(seconds % 60));
  else
    snprintf(out, UNITS_TEXT_SIZE, "%u.%u s", (unsigned)seconds, (unsigned)(ns / TENTH_NS % 10));
  return out;
}

static void put_empty(const struct page *page) {
  page->put(page->owner, "");
}

static void put_heading(const struct page *page) {
  static const char *const words[] = {
      [LIVE_OPENING] = "connecting",
      [LIVE_WARMING] = "warming up",
      [LIVE_MEASURING] = "measuring",
      [LIVE_ENDING] = "waiting for what is in flight",
  };
  const struct live_snapshot *now = page->facts->now;
  char line[LINE_SIZE], number[32] = "";
  if (now->run_count > 1) snprintf(number, sizeof number, " (%u of %u)", now->run, now->run_count);
  size_t columns = strlen(now->name) + strlen(number) + strlen(" to , ") + draw_columns(now->target);
  bool has_room = columns + strlen(words[now->phase]) <= page->style.columns;
  snprintf(line, sizeof line, "%s%s%s%s to %s%s%s", page->style.strong, now->name, page->style.end, number, now->target,
           has_room ? ", " : "", has_room ? words[now->phase] : "");
  page->put(page->owner, line);
}

static void put_progress(const struct page *page) {
  const struct live_facts *facts = page->facts;
  char line[LINE_SIZE], bar[DRAW_TEXT_SIZE], elapsed[UNITS_TEXT_SIZE], left[UNITS_TEXT_SIZE];
  format_time(facts->now->elapsed_ns, elapsed);
  if (facts->share < 0) {
    snprintf(line, sizeof line, "%s, until Ctrl-C", elapsed);
  } else {
    size_t columns = page->style.columns - PROGRESS_WORDS;
    snprintf(line, sizeof line, "%s%s%s %3.0f %%  %s, %s left", page->style.drawn,
             draw_progress(page->style.set, facts->share, columns, bar), page->style.end, 100 * facts->share, elapsed,
             format_time(facts->left_ns, left));
  }
  page->put(page->owner, line);
}

static bool is_narrow(const struct page *page) {
  return page->style.columns < NARROW_COLUMNS;
}

/* A row of the table: its last cell can be dressed by itself, as no figure but the errors is bad. */
static void put_cells(const struct page *page, const char *label, const char *const *cells, size_t count,
                      const char *last_dress) {
  char line[LINE_SIZE];
  int timed_width = is_narrow(page) ? NARROW_VALUE : VALUE_COLUMNS;
  int width = page->facts->now->has_round_trips ? timed_width : RATE_COLUMNS;
  int used = snprintf(line, sizeof line, "%-*s", is_narrow(page) ? NARROW_LABEL : LABEL_COLUMNS, label);
  for (size_t i = 0; i < count; i++) {
    bool is_last = i + 1 == count, is_first = i == 0 && label[0] != '\0';
    const char *dress = is_last ? last_dress : is_first ? page->style.strong : "";
    used += snprintf(line + used, sizeof line - (size_t)used, "%s%*s%s", dress, width, cells[i],
                     dress[0] != '\0' ? page->style.end : "");
  }
  page->put(page->owner, line);
}

static bool has_error_column(const struct page *page) {
  return !is_narrow(page) || page->facts->all.errors > 0;
}

/* Where room is scarce errors take the place of the rate. */
static size_t list_cells(const struct page *page, const char *p50, const char *p99, const char *rate,
                         const char *errors, const char *cells[4]) {
  size_t count = 0;
  bool is_timed = page->facts->now->has_round_trips;
  if (is_timed) cells[count++] = p50;
  if (is_timed) cells[count++] = p99;
  if (!is_timed || !is_narrow(page) || !has_error_column(page)) cells[count++] = rate;
  if (has_error_column(page)) cells[count++] = errors;
  return count;
}

static void put_names(const struct page *page) {
  const char *cells[4];
  bool is_timed = page->facts->now->has_round_trips;
  size_t count = list_cells(page, "p50", "p99", is_timed ? "a second" : "bit rate", "errors", cells);
  put_cells(page, "", cells, count, "");
}

static void put_window(const struct page *page, const char *label, const struct live_window *window) {
  char p50[UNITS_TEXT_SIZE], p99[UNITS_TEXT_SIZE], rate[UNITS_TEXT_SIZE], errors[UNITS_TEXT_SIZE];
  const struct live_snapshot *now = page->facts->now;
  const char *cells[4];
  bool is_known = now->phase >= LIVE_MEASURING, is_timed = is_known && window->p50_ns > 0;
  if (now->has_round_trips)
    format_rate(window->per_second, rate);
  else
    units_format_bit_rate(window->per_second, rate);
  size_t count = list_cells(page, is_timed ? units_format_duration(window->p50_ns, p50) : "-",
                            is_timed ? units_format_duration(window->p99_ns, p99) : "-", is_known ? rate : "-",
                            units_format_count(window->errors, errors), cells);
  put_cells(page, label, cells, count, has_error_column(page) && window->errors > 0 ? page->style.bad : "");
}

static void put_table(const struct page *page) {
  put_names(page);
  put_window(page, "last second", &page->facts->last);
  put_window(page, "so far", &page->facts->all);
}

/* "0.1 s" and "second" */
static const char *each(const struct live_facts *facts, char out[UNITS_TEXT_SIZE]) {
  if (facts->cell_ns == CLOCK_NS_PER_SECOND) return "second";
  snprintf(out, UNITS_TEXT_SIZE, "%.1f s", (double)facts->cell_ns / 1e9);
  return out;
}

static void put_sparkline(const struct page *page) {
  const struct live_facts *facts = page->facts;
  bool is_timed = facts->now->has_round_trips;
  double values[LIVE_CELLS], most = 0;
  char line[LINE_SIZE], label[64], text[UNITS_TEXT_SIZE], spark[DRAW_TEXT_SIZE];
  size_t label_columns = is_narrow(page) ? NARROW_LABEL : LABEL_COLUMNS;
  size_t room = page->style.columns - label_columns - (is_narrow(page) ? 2 : SPARK_WORDS);
  size_t count = facts->cell_count < room ? facts->cell_count : room;
  for (size_t i = 0; i < count; i++) {
    const struct live_cell *cell = &facts->cells[facts->cell_count - count + i];
    values[i] = is_timed ? cell->p99_ns : cell->per_second;
    if (values[i] > most) most = values[i];
  }
  snprintf(label, sizeof label, "%s each %s", is_timed ? "p99" : "rate", each(facts, text));
  if (is_narrow(page)) label[is_timed ? 3 : 4] = '\0';
  int used = snprintf(line, sizeof line, "%-*s  %s%s%s", (int)label_columns, label, page->style.drawn,
                      draw_sparkline(page->style.set, values, count, 0, most, spark), page->style.end);
  if (count > 0 && !is_narrow(page))
    snprintf(line + used, sizeof line - (size_t)used, "%*s at most %s", (int)(room - count), "",
             is_timed ? units_format_duration(most, text) : units_format_bit_rate(most, text));
  page->put(page->owner, line);
}

static void put_caption(const struct page *page, const char *words) {
  char line[LINE_SIZE];
  snprintf(line, sizeof line, "%s%s%s", page->style.faint, words, page->style.end);
  page->put(page->owner, line);
}

static size_t height_of(const struct page *page, size_t around) {
  if (page->lines < around + HEIGHT_MIN) return 0;
  size_t height = page->lines - around;
  return height < HEIGHT_MAX ? height : HEIGHT_MAX;
}

static void put_distribution(const struct page *page) {
  const struct coarse *rtt = &page->facts->now->rtt;
  size_t height = height_of(page, LINES_AROUND);
  bool is_log = rtt->count > 0 && chart_range_of(rtt).is_log;
  if (height == 0) return;
  put_empty(page);
  if (page->style.columns < CAPTION_COLUMNS)
    put_caption(page, is_log ? "round trips by duration (logarithmic)" : "round trips by duration");
  else
    put_caption(page, is_log ? "share of the round trips by duration (logarithmic; height: root of the share)"
                             : "share of the round trips by duration (height: root of the share)");
  chart_write_distribution(rtt, &page->style, height, page->put, page->owner);
}

static void put_rates(const struct page *page) {
  const struct live_facts *facts = page->facts;
  double values[LIVE_CELLS];
  char caption[80], text[UNITS_TEXT_SIZE];
  size_t height = height_of(page, LINES_AROUND - 2);
  if (height == 0) return;
  for (size_t i = 0; i < facts->cell_count; i++)
    values[i] = facts->cells[i].per_second;
  put_empty(page);
  snprintf(caption, sizeof caption, "bit rate, each %s", each(facts, text));
  put_caption(page, caption);
  chart_write_time(values, facts->cell_count, &page->style, height, units_format_bit_rate, page->put, page->owner);
}

/* Its replies have lines of their own above the view, and their figures. */
static void put_ping(const struct page *page) {
  const struct live_snapshot *now = page->facts->now;
  double values[LIVE_CELLS];
  char caption[160], p50[UNITS_TEXT_SIZE], p99[UNITS_TEXT_SIZE], errors[UNITS_TEXT_SIZE];
  size_t count = now->reply_count < LIVE_CELLS ? (size_t)now->reply_count : LIVE_CELLS;
  size_t height = page->lines < HEIGHT_MIN + 2 ? page->lines - 2 : HEIGHT_MIN + (page->lines > 14 ? 2 : 0);
  for (size_t i = 0; i < count; i++)
    values[i] = now->replies[(now->reply_count - count + i) % LIVE_CELLS];
  put_empty(page);
  int used = snprintf(caption, sizeof caption, "RTT of the last %zu repl%s", count, count == 1 ? "y" : "ies");
  if (page->style.columns >= CAPTION_COLUMNS && count > 0)
    snprintf(caption + used, sizeof caption - (size_t)used, "; so far p50 %s, p99 %s, errors %s",
             units_format_duration(page->facts->all.p50_ns, p50), units_format_duration(page->facts->all.p99_ns, p99),
             units_format_count(now->errors, errors));
  put_caption(page, caption);
  chart_write_time(values, count, &page->style, height, units_format_duration, page->put, page->owner);
}

void live_view_write(const struct live_facts *facts, const struct style *style, size_t lines, live_line *put,
                     void *owner) {
  struct page page = {.facts = facts, .style = *style, .lines = lines, .put = put, .owner = owner};
  if (page.style.columns > COLUMNS_MAX) page.style.columns = COLUMNS_MAX;
  if (facts->now->is_ping) {
    put_ping(&page);
    return;
  }
  put_empty(&page);
  put_heading(&page);
  put_progress(&page);
  if (lines > LINES_PLAIN) put_empty(&page);
  put_table(&page);
  put_sparkline(&page);
  if (facts->now->has_round_trips)
    put_distribution(&page);
  else
    put_rates(&page);
}
