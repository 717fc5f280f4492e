/* See document.h. */
#include "client/publish/document.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/charts/markup.h"
#include "client/charts/waterfall.h"
#include "client/publish/assets.h"
#include "client/publish/figures.h"
#include "client/publish/machine.h"
#include "client/publish/points.h"
#include "client/publish/run_charts.h"
#include "client/publish/verdicts.h"
#include "client/publish/words.h"
#include "common/memory/memory.h"

/* More runs than these are sizes of a sweep: their charts are one, and their figures a table each. */
#define RUNS_WITH_CHARTS 4

/* What is needed while a page is written. */
struct page {
  const struct publish *publish;
  struct words words;
  struct chart_series *series; /* CHART_SERIES_MAX */
  FILE *out;
};

static void write_lines(const char *const *lines, FILE *out) {
  for (size_t i = 0; lines[i] != NULL; i++)
    fputs(lines[i], out);
}

/* JSON in a script element: no "<" may stand in it (HTML, 4.12.1.3), and none need to. */
static int write_json(const json_t *result, const char *name, FILE *out) {
  char *text = json_dumps(result, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(17));
  if (text == NULL) return UV_ENOMEM;
  fputs("<script type=\"application/json\" class=\"loping-result\" data-name=\"", out);
  markup_write(out, name);
  fputs("\">", out);
  for (const char *at = text; *at != '\0'; at++) {
    if (strchr("<>&", *at) != NULL)
      fprintf(out, "\\u%04x", (unsigned)(unsigned char)*at);
    else
      fputc(*at, out);
  }
  fputs("</script>\n", out);
  free(text);
  return 0;
}

static void write_head(const struct page *page, const char *title) {
  FILE *out = page->out;
  fprintf(out,
          "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '%s'; style-src '%s'; "
          "base-uri 'none'; form-action 'none'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>loping: ",
          assets_page_script_hash, assets_page_style_hash);
  markup_write(out, title);
  fputs("</title>\n<style>", out);
  write_lines(assets_page_style, out);
  fputs("</style></head><body>\n", out);
}

static void begin_figure(const char *title, const char *caption, FILE *out) {
  fputs("<figure><figcaption><strong>", out);
  markup_write(out, title);
  fputs(".</strong> ", out);
  markup_write(out, caption);
  fputs("</figcaption>\n", out);
}

static void write_chart(const struct run_chart *chart, FILE *out) {
  begin_figure(chart->chart.title, chart->caption, out);
  chart_write(&chart->chart, "tabindex=\"0\" ", out);
  fputs("<p class=\"value\" aria-live=\"polite\"></p><details><summary>As a table</summary>", out);
  chart_write_table(&chart->chart, out);
  fputs("</details></figure>\n", out);
}

static void write_parts(const json_t *run, FILE *out) {
  struct waterfall waterfall = {.title = "Where a round trip's time goes"};
  points_of_parts(run, &waterfall);
  if (waterfall.count == 0) return;
  begin_figure(waterfall.title,
               "The mean of each part, one after the other. Means add up to the mean round trip, percentiles do not.",
               out);
  waterfall_write(&waterfall, "tabindex=\"0\" ", out);
  fputs("<p class=\"value\" aria-live=\"polite\"></p><details><summary>As a table</summary>", out);
  waterfall_write_table(&waterfall, out);
  fputs("</details></figure>\n", out);
}

static void write_notes(const json_t *run, FILE *out) {
  const json_t *notes = read_group(run, "notes");
  for (size_t i = 0; i < json_array_size(notes); i++) {
    const char *note = json_string_value(json_array_get(notes, i));
    if (note == NULL) continue;
    fputs("<p class=\"note\"><b>Note.</b> ", out);
    markup_write(out, note);
    fputs("</p>\n", out);
  }
}

static const char how_times_count[] =
    "Times are of the client's monotonic clock: a round trip is from just before its send call to just after its last "
    "byte was read.";
static const char how_bytes_count[] =
    "Bytes count where they arrive, one way, between the end of the warm-up and the end of the measuring, by the "
    "client's monotonic clock.";

/* What stands above and below a run's charts. */
static void begin_run(struct page *page, const json_t *run, size_t number) {
  char text[READ_TITLE_SIZE];
  fputs("<p>", page->out);
  markup_write(page->out, read_conditions(run, text));
  fprintf(page->out, ". %s</p>\n", read_is_stream(run) ? how_bytes_count : how_times_count);
  figures_write_main(run, number, &page->words, page->out);
  figures_write_check(run, page->out);
  write_notes(run, page->out);
}

static void write_run(struct page *page, const json_t *run, size_t number) {
  char title[READ_TITLE_SIZE];
  struct run_chart chart;
  fputs("<section><h2>", page->out);
  markup_write(page->out, read_title(run, title));
  fputs("</h2>\n", page->out);
  begin_run(page, run, number);
  fputs("<div class=\"charts\">\n", page->out);
  for (int kind = 0; kind < RUN_CHART_KINDS; kind++)
    if (run_chart_make((enum run_chart_kind)kind, run, page->series, &chart)) write_chart(&chart, page->out);
  write_parts(run, page->out);
  fputs("</div>\n", page->out);
  figures_write_table(run, number, page->out);
  fputs("</section>\n", page->out);
}

/* One of many: a line that opens. */
static void write_folded_run(struct page *page, const json_t *run, size_t number) {
  struct main_figure figures[FIGURES_MAIN_MAX];
  char text[READ_TITLE_SIZE], value[UNITS_TEXT_SIZE];
  size_t count = figures_main(run, figures);
  fputs("<details class=\"run\"><summary>", page->out);
  markup_write(page->out, read_text(read_group(run, "workload"), "name"));
  double bytes = read_number(read_group(run, "workload"), "payload_bytes");
  if (bytes > 0) markup_print(page->out, ", %s", units_format_size((uint64_t)bytes, value));
  for (size_t i = 0; i < count && i < 2; i++)
    markup_print(page->out, "%s %s %s", i == 0 ? ":" : ",", figures[i].label,
                 result_field_format_value(figures[i].kind, figures[i].value, value));
  fputs("</summary><h3>", page->out);
  markup_write(page->out, read_title(run, text));
  fputs("</h3>\n", page->out);
  begin_run(page, run, number);
  figures_write_table(run, number, page->out);
  fputs("</details>\n", page->out);
}

static void write_failure(const json_t *result, FILE *out) {
  const json_t *failure = read_group(result, "error");
  if (failure == NULL) return;
  fputs("<section><h2>It failed</h2><p class=\"check bad\">", out);
  markup_write(out, read_text(failure, "what_happened"));
  fputs("</p><p>", out);
  markup_write(out, read_text(failure, "likely_cause"));
  fputs("</p></section>\n", out);
}

static void write_result(struct page *page, const json_t *result) {
  const json_t *runs = read_group(result, "runs");
  struct run_chart chart;
  bool has_charts = json_array_size(runs) <= RUNS_WITH_CHARTS;
  if (!has_charts) {
    fputs("<section><h2>By size</h2><div class=\"charts\">\n", page->out);
    for (int is_stream = 0; is_stream < 2; is_stream++)
      if (run_chart_of_sizes(result, is_stream, page->series, &chart)) write_chart(&chart, page->out);
    fputs("</div>\n", page->out);
  }
  for (size_t i = 0; i < json_array_size(runs); i++) {
    if (has_charts)
      write_run(page, json_array_get(runs, i), i);
    else
      write_folded_run(page, json_array_get(runs, i), i);
  }
  if (!has_charts) fputs("</section>\n", page->out);
  write_failure(result, page->out);
}

/* A run of the first result, and what the others have of the same workload. */
static void write_overlays(struct page *page, size_t number) {
  const struct publish *publish = page->publish;
  const json_t *runs[PUBLISH_RESULTS_MAX] = {NULL};
  struct run_chart chart;
  char title[READ_TITLE_SIZE];
  size_t numbers[PUBLISH_RESULTS_MAX] = {number};
  runs[0] = json_array_get(read_group(publish->results[0], "runs"), number);
  for (size_t i = 1; i < publish->count; i++) {
    numbers[i] = number;
    runs[i] = read_same_run(publish->results[i], runs[0], &numbers[i]);
  }
  fputs("<section><h2>", page->out);
  markup_write(page->out, read_title(runs[0], title));
  fputs("</h2>\n<div class=\"charts\">\n", page->out);
  for (int kind = RUN_CHART_WHOLE_DISTRIBUTION; kind < RUN_CHART_KINDS; kind++)
    if (run_chart_overlay((enum run_chart_kind)kind, publish, runs, page->series, &chart))
      write_chart(&chart, page->out);
  fputs("</div>\n", page->out);
  for (size_t i = 0; i < publish->count; i++) {
    if (runs[i] == NULL) continue;
    fputs("<h3>", page->out);
    markup_write(page->out, publish->names[i]);
    fputs("</h3>\n", page->out);
    figures_write_main(runs[i], numbers[i], &page->words, page->out);
    figures_write_check(runs[i], page->out);
    write_notes(runs[i], page->out);
    figures_write_table(runs[i], numbers[i], page->out);
  }
  fputs("</section>\n", page->out);
}

static void write_origin(const json_t *result, const char *name, FILE *out) {
  const json_t *words = read_group(result, "command_line");
  fputs("<p class=\"origin\">", out);
  if (name[0] != '\0') {
    fputs("<b>", out);
    markup_write(out, name);
    fputs("</b>: ", out);
  }
  fputs("measured ", out);
  markup_write(out, read_text(result, "started_at"));
  fputs(" by loping ", out);
  markup_write(out, read_text(result, "version"));
  fputs(" as <code>", out);
  for (size_t i = 0; i < json_array_size(words); i++) {
    const char *word = json_string_value(json_array_get(words, i));
    const char *slash = word == NULL || i > 0 ? NULL : strrchr(word, '/');
    if (word == NULL) continue;
    if (i > 0) fputc(' ', out);
    markup_write(out, slash != NULL ? slash + 1 : word);
  }
  fputs("</code></p>\n", out);
}

static void write_body(struct page *page) {
  const struct publish *publish = page->publish;
  const json_t *first = read_group(publish->results[0], "runs");
  fputs("<header><h1>loping</h1>\n", page->out);
  for (size_t i = 0; i < publish->count; i++)
    write_origin(publish->results[i], publish->names[i], page->out);
  fputs("<p class=\"download\"></p></header>\n<main>\n", page->out);
  if (publish->comparison != NULL) verdicts_write(publish->comparison, page->out);
  for (size_t i = 0; publish->count > 1 && i < json_array_size(first); i++)
    write_overlays(page, i);
  if (publish->count == 1) write_result(page, publish->results[0]);
  machine_write(publish, page->out);
  words_write_list(&page->words, page->out);
  fputs("</main>\n", page->out);
}

int document_write(const struct publish *publish, FILE *out) {
  char title[READ_TITLE_SIZE];
  struct page page = {.publish = publish, .out = out};
  int code = 0;
  page.series = memory_take_zeroed(CHART_SERIES_MAX, sizeof *page.series);
  if (page.series == NULL) return UV_ENOMEM;
  write_head(&page, read_title(json_array_get(read_group(publish->results[0], "runs"), 0), title));
  write_body(&page);
  for (size_t i = 0; i < publish->count && code == 0; i++)
    code = write_json(publish->results[i], publish->names[i], out);
  fputs("<script>", out);
  write_lines(assets_page_script, out);
  fputs("</script>\n</body></html>\n", out);
  free(page.series);
  return code;
}
