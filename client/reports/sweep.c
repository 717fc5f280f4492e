/* The table of a sweep, and its knee in words. Knows results, never a socket. */
#include "client/stats/knee.h"

#include <string.h>

#include "client/reports/paragraph.h"
#include "client/reports/text.h"
#include "common/text/units.h"

#define WIDE_ROW     "%10s %12s %12s %18s\n"
#define WIDE_COLUMNS 55
#define NARROW_ROW   "%8s %9s %9s %11s\n"

/* Runs of one size stand together; `first` is the first of them. Returns how many there are. */
static size_t collect_point(const struct result *result, size_t first, struct knee_point *point,
                            const struct result_run **latency) {
  size_t used = 0;
  memset(point, 0, sizeof *point);
  *latency = NULL;
  point->bytes = result->runs[first].workload.payload_bytes;
  while (first + used < result->run_count && result->runs[first + used].workload.payload_bytes == point->bytes) {
    const struct result_run *run = &result->runs[first + used++];
    if (run->workload.direction != NULL) {
      point->bits_per_second = run->throughput.bits_per_second;
    } else if (result_has(run, FIGURE_RTT)) {
      point->rtt_p50_ns = (double)run->figures[FIGURE_RTT].p50;
      *latency = run;
    }
  }
  return used;
}

static void write_point(const struct knee_point *point, const struct result_run *latency, bool is_narrow, FILE *file) {
  char size[UNITS_TEXT_SIZE], p50[UNITS_TEXT_SIZE], p99[UNITS_TEXT_SIZE], rate[UNITS_TEXT_SIZE];
  units_format_size(point->bytes, size);
  units_format_duration(point->rtt_p50_ns, p50);
  if (latency != NULL) units_format_duration((double)latency->figures[FIGURE_RTT].p99, p99);
  units_format_bit_rate(point->bits_per_second, rate);
  fprintf(file, is_narrow ? NARROW_ROW : WIDE_ROW, size, latency != NULL ? p50 : "-", latency != NULL ? p99 : "-",
          point->bits_per_second > 0 ? rate : "-");
}

static void write_knee(const struct knee_point *points, size_t count, const struct style *style, FILE *file) {
  struct knee knee;
  char size[UNITS_TEXT_SIZE], next[UNITS_TEXT_SIZE], time[UNITS_TEXT_SIZE], rate[UNITS_TEXT_SIZE];
  knee_find(points, count, &knee);
  if (count < 2) return;
  if (knee.has_rtt && knee.flat_until + 1 == count) {
    paragraph_write(file, style, "latency", ": the size hardly matters; no p50 is more than half above the fastest.");
  } else if (knee.has_rtt) {
    units_format_size(points[knee.flat_until].bytes, size);
    units_format_size(points[knee.flat_until + 1].bytes, next);
    paragraph_write(file, style, "latency",
                    ": up to %s the size hardly matters (p50 at most half above the fastest): the cost is that of a "
                    "message. From %s on (p50 %s) the bytes count.",
                    size, next, units_format_duration(points[knee.flat_until + 1].rtt_p50_ns, time));
  }
  if (knee.has_throughput)
    paragraph_write(file, style, "throughput", ": %s, the best, comes with %s a write; nine tenths of it from %s on.",
                    units_format_bit_rate(points[knee.best].bits_per_second, rate),
                    units_format_size(points[knee.best].bytes, size),
                    units_format_size(points[knee.nearly].bytes, next));
}

void report_text_write_sweep(const struct result *result, bool with_notes, const struct style *style, FILE *file) {
  struct knee_point points[RESULT_RUNS_MAX];
  size_t count = 0;
  if (result->run_count == 0 || !result->runs[0].is_measured) return;
  fprintf(file, "%ssweep%s over payload sizes to ", style->strong, style->end);
  report_text_write_peer(&result->runs[0], file);
  bool is_narrow = style->columns < WIDE_COLUMNS;
  fprintf(file, "\n\n%s", style->strong);
  fprintf(file, is_narrow ? NARROW_ROW : WIDE_ROW, "size", "RTT p50", "RTT p99",
          is_narrow ? "each way" : "echo, each way");
  fputs(style->end, file);
  for (size_t i = 0; i < result->run_count;) {
    const struct result_run *latency;
    i += collect_point(result, i, &points[count], &latency);
    write_point(&points[count++], latency, is_narrow, file);
  }
  fputc('\n', file);
  write_knee(points, count, style, file);
  report_text_write_check_all(result, style, file);
  if (with_notes) report_text_write_notes_once(result, style, file);
}
