/* See verdicts.h. */
#include "client/publish/verdicts.h"

#include <math.h>
#include <string.h>

#include "client/charts/markup.h"
#include "client/publish/markdown_text.h"
#include "client/publish/read.h"
#include "client/result/figures.h"

#define NAME_SIZE 160

/* One judged figure, ready to be written. */
struct row {
  char name[NAME_SIZE];
  char baseline[UNITS_TEXT_SIZE], value[UNITS_TEXT_SIZE], change[UNITS_TEXT_SIZE];
  const char *verdict;
  bool is_bad;
};

static const struct result_section *find_section(const char *parent, const char *name) {
  for (size_t i = 0; i < result_section_count; i++) {
    const struct result_section *section = &result_sections[i];
    if (strcmp(section->parent == NULL ? "" : section->parent, parent) == 0 && strcmp(section->name, name) == 0)
      return section;
  }
  return NULL;
}

static const struct result_field *find_field(const struct result_section *section, const char *name) {
  for (size_t i = 0; section != NULL && i < section->field_count; i++)
    if (strcmp(section->fields[i].name, name) == 0) return &section->fields[i];
  return NULL;
}

static void format(const struct result_field *field, double value, char out[UNITS_TEXT_SIZE]) {
  if (isnan(value))
    snprintf(out, UNITS_TEXT_SIZE, "-");
  else if (field != NULL)
    result_field_format_value(field->kind, value, out);
  else
    snprintf(out, UNITS_TEXT_SIZE, "%.6g", value);
}

/* False for one without a verdict. */
static bool row_of(const json_t *figure, struct row *row) {
  const struct result_section *section = find_section(read_text(figure, "part_of"), read_text(figure, "part"));
  const struct result_field *field = find_field(section, read_text(figure, "name"));
  const json_t *change = json_object_get(figure, "change_percent");
  row->verdict = read_text(figure, "verdict");
  row->is_bad = json_is_true(json_object_get(figure, "regression"));
  if (row->verdict[0] == '\0') return false;
  snprintf(row->name, sizeof row->name, "%.60s, %.60s", section != NULL ? section->label : read_text(figure, "part"),
           field != NULL ? field->label : read_text(figure, "name"));
  format(field, read_number(figure, "baseline"), row->baseline);
  format(field, read_number(figure, "value"), row->value);
  if (json_is_number(change))
    snprintf(row->change, sizeof row->change, "%+.1f %%", json_number_value(change));
  else
    snprintf(row->change, sizeof row->change, "-");
  return true;
}

static void write_cell(const char *text, FILE *out) {
  fputs("<td>", out);
  markup_write(out, text);
  fputs("</td>", out);
}

static void write_figures(const json_t *pair, FILE *out) {
  const json_t *figures = read_group(pair, "figures");
  struct row row;
  fputs(
      "<div class=\"wide\"><table><thead><tr><td></td><th scope=\"col\">baseline</th><th scope=\"col\">now</th>"
      "<th scope=\"col\">change</th><th scope=\"col\">verdict</th></tr></thead><tbody>\n",
      out);
  for (size_t i = 0; i < json_array_size(figures); i++) {
    if (!row_of(json_array_get(figures, i), &row)) continue;
    fputs("<tr><th scope=\"row\">", out);
    markup_write(out, row.name);
    fputs("</th>", out);
    write_cell(row.baseline, out);
    write_cell(row.value, out);
    write_cell(row.change, out);
    fprintf(out, "<td%s>", row.is_bad ? " class=\"bad\"" : "");
    markup_write(out, row.verdict);
    if (row.is_bad) fputs(" (a regression)", out);
    fputs("</td></tr>\n", out);
  }
  fputs("</tbody></table></div>\n", out);
}

static void write_reasons(const json_t *comparison, FILE *out) {
  const json_t *reasons = read_group(comparison, "reasons");
  fputs("<p><strong>", out);
  markup_write(out, read_text(comparison, "conclusion"));
  fputs("</strong></p>\n<ul>", out);
  for (size_t i = 0; i < json_array_size(reasons); i++) {
    const char *reason = json_string_value(json_array_get(reasons, i));
    if (reason == NULL) continue;
    fputs("<li>", out);
    markup_write(out, reason);
    fputs("</li>", out);
  }
  fputs("</ul>\n", out);
}

void verdicts_write(const json_t *comparison, FILE *out) {
  const json_t *files = read_group(comparison, "comparisons");
  char title[READ_TITLE_SIZE];
  fputs("<section><h2>Verdicts</h2>\n", out);
  write_reasons(comparison, out);
  for (size_t i = 0; i < json_array_size(files); i++) {
    const json_t *file = json_array_get(files, i), *pairs = read_group(file, "runs");
    for (size_t p = 0; p < json_array_size(pairs); p++) {
      const json_t *pair = json_array_get(pairs, p);
      fputs("<h3>", out);
      markup_write(out, read_title(pair, title));
      fputs(", ", out);
      markup_write(out, read_text(file, "file"));
      fputs("</h3>\n", out);
      write_figures(pair, out);
    }
  }
  fputs("</section>\n", out);
}

void verdicts_write_markdown(const json_t *comparison, FILE *out) {
  const json_t *files = read_group(comparison, "comparisons");
  struct row row;
  for (size_t i = 0; i < json_array_size(files); i++) {
    const json_t *file = json_array_get(files, i), *pairs = read_group(file, "runs");
    for (size_t p = 0; p < json_array_size(pairs); p++) {
      const json_t *figures = read_group(json_array_get(pairs, p), "figures");
      char title[READ_TITLE_SIZE];
      fputs("\n**", out);
      markdown_write(out, read_title(json_array_get(pairs, p), title));
      fputs("**, ", out);
      markdown_write(out, read_text(file, "file"));
      fputs("\n\n| | baseline | now | change | verdict |\n|---|---:|---:|---:|---|\n", out);
      for (size_t f = 0; f < json_array_size(figures); f++) {
        if (!row_of(json_array_get(figures, f), &row)) continue;
        fprintf(out, "| %s | %s | %s | %s | %s%s |\n", row.name, row.baseline, row.value, row.change, row.verdict,
                row.is_bad ? " (a regression)" : "");
      }
    }
  }
  fputc('\n', out);
  markdown_write(out, read_text(comparison, "conclusion"));
  fputc('\n', out);
}
