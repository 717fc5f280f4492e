/* See markdown.h. */
#include "client/publish/markdown.h"

#include "client/publish/figures.h"
#include "client/publish/markdown_text.h"
#include "client/publish/verdicts.h"

static void write_run(const json_t *run, const char *name, FILE *out) {
  struct main_figure figures[FIGURES_MAIN_MAX];
  size_t count = figures_main(run, figures);
  char text[READ_TITLE_SIZE], value[UNITS_TEXT_SIZE];
  fputs("\n**", out);
  markdown_write(out, read_title(run, text));
  fputs("**", out);
  if (name[0] != '\0') fputs(", ", out);
  markdown_write(out, name);
  fputs("  \n", out);
  markdown_write(out, read_conditions(run, text));
  fputs("\n\n|", out);
  for (size_t i = 0; i < count; i++)
    fprintf(out, " %s |", figures[i].label);
  fputs(" errors |\n|", out);
  for (size_t i = 0; i < count; i++)
    fputs("---:|", out);
  fputs("---:|\n|", out);
  for (size_t i = 0; i < count; i++)
    fprintf(out, " %s |", result_field_format_value(figures[i].kind, figures[i].value, value));
  fprintf(out, " %s |\n", units_format_count((uint64_t)read_errors(run), value));
}

static void write_notes(const json_t *run, FILE *out) {
  const json_t *notes = read_group(run, "notes");
  for (size_t i = 0; i < json_array_size(notes); i++) {
    const char *note = json_string_value(json_array_get(notes, i));
    if (note == NULL) continue;
    fputs(i == 0 ? "\n- " : "- ", out);
    markdown_write(out, note);
    fputc('\n', out);
  }
}

/* "AMD EPYC, 2 CPUs, Linux 6.18". */
static void write_machine(const json_t *result, FILE *out) {
  const json_t *machine = read_group(result, "environment");
  fputc('\n', out);
  markdown_write(out, read_text(machine, "cpu_model"));
  fprintf(out, ", %.0f CPUs, ", read_number(machine, "cpu_count"));
  markdown_write(out, read_text(machine, "system"));
  fputc(' ', out);
  markdown_write(out, read_text(machine, "release"));
  fputs("; loping ", out);
  markdown_write(out, read_text(result, "version"));
  fputs(", ", out);
  markdown_write(out, read_text(result, "started_at"));
  fputc('\n', out);
}

int markdown_write_results(const struct publish *publish, FILE *out) {
  fputs("### loping\n", out);
  for (size_t i = 0; i < publish->count; i++) {
    const json_t *runs = read_group(publish->results[i], "runs");
    for (size_t r = 0; r < json_array_size(runs); r++) {
      write_run(json_array_get(runs, r), publish->names[i], out);
      write_notes(json_array_get(runs, r), out);
    }
  }
  if (publish->comparison != NULL) verdicts_write_markdown(publish->comparison, out);
  write_machine(publish->results[0], out);
  return 0;
}
