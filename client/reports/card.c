/* The report card: latency, throughput and the machine on one screen of 80 columns and 24 lines. */
#include <string.h>

#include "client/reports/bars.h"
#include "client/reports/faults.h"
#include "client/reports/text.h"
#include "common/text/units.h"
#include "common/text/version.h"

#define BAR_COLUMNS 40
/* What stands beside a bar. */
#define BAR_COLUMNS_BESIDE 28

static void write_bars(const struct result_run *run, const struct style *style, FILE *file) {
  char drawn[DRAW_TEXT_SIZE];
  struct bar bars[BARS_MAX];
  char edge[UNITS_TEXT_SIZE];
  size_t columns =
      style->columns < BAR_COLUMNS_BESIDE + BAR_COLUMNS ? style->columns - BAR_COLUMNS_BESIDE : BAR_COLUMNS;
  size_t count = bars_of(run->rtt_histogram, bars);
  uint64_t most = 1;
  for (size_t i = 0; i < count; i++)
    if (bars[i].count > most) most = bars[i].count;
  for (size_t i = 0; i < count; i++) {
    double share = 100.0 * (double)bars[i].count / (double)run->figures[FIGURE_RTT].count;
    bool is_tail = i + 1 == count;
    fprintf(file, "  %-6s%9s  %s%s%s %6.2f %%\n", is_tail ? "slower" : "up to",
            is_tail ? "" : units_format_duration((double)bars[i].upper_ns, edge), style->drawn,
            draw_bar(style->set, (double)bars[i].count / (double)most, columns, drawn), style->end, share);
  }
}

static void write_latency(const struct result_run *run, const struct style *style, FILE *file) {
  char size[UNITS_TEXT_SIZE], duration[UNITS_TEXT_SIZE], warmup[UNITS_TEXT_SIZE];
  char median[UNITS_TEXT_SIZE], p99[UNITS_TEXT_SIZE], p99_9[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];
  fprintf(file, "\n%sLATENCY%s  round trips of %s, one at a time; %s after %s of warm-up\n", style->strong, style->end,
          units_format_size(run->workload.payload_bytes, size),
          units_format_duration((double)run->workload.duration_ns, duration),
          units_format_duration((double)run->workload.warmup_ns, warmup));
  if (!result_has(run, FIGURE_RTT)) {
    fprintf(file, "  no round trip was completed\n");
    return;
  }
  fprintf(file, "  RTT  p50 %s%s%s   p99 %s   p99.9 %s   max %s\n", style->strong,
          units_format_duration((double)run->figures[FIGURE_RTT].p50, median), style->end,
          units_format_duration((double)run->figures[FIGURE_RTT].p99, p99),
          units_format_duration((double)run->figures[FIGURE_RTT].p99_9, p99_9),
          units_format_duration((double)run->figures[FIGURE_RTT].max, most));
  if (result_has(run, FIGURE_THERE)) {
    fprintf(file, "  legs at p50: ");
    report_text_write_legs(run, file);
    fputc('\n', file);
  }
  report_text_write_percentiles(run, file);
  write_bars(run, style, file);
  fprintf(file, "  check: ");
  report_text_write_check(run, style, file);
  report_faults_write(run, style, file);
}

static void write_throughput(const struct result_run *run, const struct style *style, FILE *file) {
  char size[UNITS_TEXT_SIZE], duration[UNITS_TEXT_SIZE], rate[UNITS_TEXT_SIZE], bytes[UNITS_TEXT_SIZE];
  fprintf(file, "\n%sTHROUGHPUT%s  echo of a stream in writes of %s; %s\n", style->strong, style->end,
          units_format_size(run->workload.payload_bytes, size),
          units_format_duration((double)run->workload.duration_ns, duration));
  fprintf(file, "  %s%s%s each way, both ways at once; %s came back\n", style->strong,
          units_format_bit_rate(run->throughput.bits_per_second, rate), style->end,
          units_format_bytes((double)run->throughput.bytes_received, bytes));
  fprintf(file, "  check: ");
  report_text_write_check(run, style, file);
  report_faults_write(run, style, file);
}

static void write_machine(const struct environment *environment, const struct style *style, FILE *file) {
  fprintf(file, "\n%sMACHINE%s  %s %s, %u CPU%s", style->strong, style->end, environment->system, environment->release,
          environment->cpu_count, environment->cpu_count == 1 ? "" : "s");
  fprintf(file, ", load %.2f, libuv %s\n", environment->load_1m, environment->libuv_version);
}

void report_text_write_card(const struct result *result, bool with_notes, const struct style *style, FILE *file) {
  if (result->run_count == 0 || !result_has_figures(&result->runs[0])) return;
  fprintf(file, "%sloping %s%s to ", style->strong, LOPING_VERSION, style->end);
  report_text_write_peer(&result->runs[0], file);
  fputc('\n', file);
  for (size_t i = 0; i < result->run_count; i++) {
    const struct result_run *run = &result->runs[i];
    if (!result_has_figures(run)) continue;
    if (run->workload.direction == NULL)
      write_latency(run, style, file);
    else
      write_throughput(run, style, file);
  }
  write_machine(&result->environment, style, file);
  if (with_notes) report_text_write_notes_once(result, style, file);
}
