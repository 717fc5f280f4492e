/* See figures.h. */
#include "client/publish/figures.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "client/charts/markup.h"
#include "client/publish/read.h"

/* In the order in which they are shown. */
static const struct main_figure rows[] = {
    {"response_ns", "p50", "response p50", "response-time", FIELD_NS, 0},
    {"response_ns", "p99", "response p99", "response-time", FIELD_NS, 0},
    {"transaction_ns", "p50", "transaction p50", NULL, FIELD_NS, 0},
    {"handshake_ns", "p50", "handshake p50", NULL, FIELD_NS, 0},
    {"rtt_ns", "p50", "p50", "p50", FIELD_NS, 0},
    {"rtt_ns", "p99", "p99", "p99", FIELD_NS, 0},
    {"rtt_ns", "p99_9", "p99.9", "p99", FIELD_NS, 0},
    {"rtt_ns", "max", "max", "outlier", FIELD_NS, 0},
    {"throughput", "round_trips_per_second", "round trips a second", NULL, FIELD_PER_SECOND, 0},
    {"throughput", "bits_per_second", "one way", "throughput", FIELD_BITS_PER_SECOND, 0},
    {"throughput", "bytes_received", "came back", NULL, FIELD_BYTES, 0},
};

/* A stream's bits are its result; of round trips they are beside it, and a stream has none. */
static bool is_shown(const struct main_figure *figure, bool is_stream) {
  bool is_of_stream = figure->kind == FIELD_BITS_PER_SECOND || figure->kind == FIELD_BYTES;
  return is_of_stream == is_stream;
}

size_t figures_main(const json_t *run, struct main_figure figures[FIGURES_MAIN_MAX]) {
  size_t count = 0;
  bool is_stream = read_is_stream(run);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0] && count < FIGURES_MAIN_MAX; i++) {
    double value = read_figure_named(run, rows[i].section, rows[i].field);
    if (isnan(value) || !is_shown(&rows[i], is_stream)) continue;
    figures[count] = rows[i];
    figures[count++].value = value;
  }
  return count;
}

/* With its exact value and its place, so that a reader (and a test) can look it up. */
static void write_value(const char *path, enum field_kind kind, double value, FILE *out) {
  char text[UNITS_TEXT_SIZE];
  fputs("<data data-json=\"", out);
  markup_write(out, path);
  fprintf(out, "\" value=\"%.17g\">", value);
  markup_write(out, result_field_format_value(kind, value, text));
  fputs("</data>", out);
}

void figures_write_main(const json_t *run, size_t number, struct words *words, FILE *out) {
  struct main_figure figures[FIGURES_MAIN_MAX];
  size_t count = figures_main(run, figures);
  char path[RESULT_PATH_SIZE];
  if (count == 0) return;
  fputs("<ul class=\"main\">", out);
  for (size_t i = 0; i < count; i++) {
    snprintf(path, sizeof path, "runs.%zu.%s.%s", number, figures[i].section, figures[i].field);
    fputs("<li><strong>", out);
    write_value(path, figures[i].kind, figures[i].value, out);
    fputs("</strong> <span>", out);
    if (figures[i].word != NULL)
      words_write_link(words, figures[i].word, figures[i].label, out);
    else
      markup_write(out, figures[i].label);
    fputs("</span></li>", out);
  }
  fputs("</ul>\n", out);
}

static bool has_any(const json_t *run, const struct result_section *section) {
  for (size_t i = 0; i < section->field_count; i++)
    if (!isnan(read_figure(run, section, &section->fields[i]))) return true;
  return false;
}

static void write_path(const struct result_section *section, const struct result_field *field, size_t number,
                       char out[RESULT_PATH_SIZE]) {
  static const char *const ends[] = {[FIELD_ALONE] = "", [FIELD_LOW] = ".0", [FIELD_HIGH] = ".1"};
  char path[RESULT_PATH_SIZE];
  struct result_field bare = *field;
  bare.end = FIELD_ALONE;
  result_field_path(section, &bare, path);
  snprintf(out, RESULT_PATH_SIZE, "runs.%zu.%.64s%s", number, path, ends[field->end]);
}

static void write_section(const json_t *run, const struct result_section *section, size_t number, FILE *out) {
  char path[RESULT_PATH_SIZE];
  fputs("<tr><th scope=\"row\">", out);
  markup_write(out, section->label);
  fputs("</th><td><ul>", out);
  for (size_t i = 0; i < section->field_count; i++) {
    double value = read_figure(run, section, &section->fields[i]);
    if (isnan(value)) continue;
    write_path(section, &section->fields[i], number, path);
    fputs("<li>", out);
    markup_write(out, section->fields[i].label);
    fputc(' ', out);
    write_value(path, section->fields[i].kind, value, out);
    fputs("</li>", out);
  }
  fputs("</ul></td></tr>\n", out);
}

void figures_write_table(const json_t *run, size_t number, FILE *out) {
  fputs("<details class=\"figures\"><summary>Every figure of this run</summary><table><tbody>\n", out);
  for (size_t i = 0; i < result_section_count; i++)
    if (has_any(run, &result_sections[i])) write_section(run, &result_sections[i], number, out);
  fputs("</tbody></table></details>\n", out);
}

static void write_errors(const json_t *run, FILE *out) {
  const struct result_section *errors = result_section_find("errors");
  const char *before = "";
  char count[UNITS_TEXT_SIZE];
  fputs("<p class=\"check bad\">Not sound: ", out);
  for (size_t i = 0; errors != NULL && i < errors->field_count; i++) {
    double value = read_figure(run, errors, &errors->fields[i]);
    if (!(value > 0)) continue;
    markup_print(out, "%s%s %s", before, units_format_count((uint64_t)value, count), errors->fields[i].label);
    before = ", ";
  }
  fputs(".</p>\n", out);
}

void figures_write_check(const json_t *run, FILE *out) {
  if (json_is_true(json_object_get(run, "interrupted")))
    fputs("<p class=\"check bad\">Interrupted: it ended before its time.</p>\n", out);
  if (read_group(run, "errors") == NULL)
    fputs("<p class=\"check bad\">Nothing was measured.</p>\n", out);
  else if (read_errors(run) > 0)
    write_errors(run, out);
  else if (json_is_true(json_object_get(read_group(run, "workload"), "discarded_unread")))
    fputs("<p class=\"check\">Sound as far as it was looked at: what came was discarded unread.</p>\n", out);
  else
    fputs("<p class=\"check\">Sound: every byte that was compared is the byte that was sent.</p>\n", out);
}
