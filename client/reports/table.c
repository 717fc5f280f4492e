/* The table of distributions; see table.h. Knows results, never a socket. */
#include "client/reports/table.h"

#include <string.h>

#include "client/result/figures.h"

#define LABEL_COLUMNS         9
#define VALUE_COLUMNS         10
#define UPRIGHT_LABEL_COLUMNS 7
#define UPRIGHT_VALUE_COLUMNS 11

static const char *const columns[] = {"min", "p50", "p90", "p99", "p99_9", "p99_99", "max"};
#define COLUMNS (sizeof columns / sizeof columns[0])

static const struct result_field *find_field(const struct result_section *section, const char *name) {
  for (size_t i = 0; i < section->field_count; i++)
    if (strcmp(section->fields[i].name, name) == 0) return &section->fields[i];
  return NULL;
}

static void write_names(const struct result_section *section, FILE *file) {
  fprintf(file, "%*s", LABEL_COLUMNS, "");
  for (size_t i = 0; i < COLUMNS; i++) {
    const struct result_field *field = find_field(section, columns[i]);
    fprintf(file, "%*s", VALUE_COLUMNS, field != NULL ? field->label : "");
  }
  fputc('\n', file);
}

static void write_values(const struct result_run *run, const char *label, const struct result_section *section,
                         const struct style *style, FILE *file) {
  char text[UNITS_TEXT_SIZE];
  fprintf(file, "%-*s", LABEL_COLUMNS, label);
  for (size_t i = 0; i < COLUMNS; i++) {
    const struct result_field *field = find_field(section, columns[i]);
    bool is_median = strcmp(columns[i], "p50") == 0;
    fprintf(file, "%s%*s%s", is_median ? style->strong : "", VALUE_COLUMNS,
            field != NULL ? result_field_format(section, field, run, text) : "", is_median ? style->end : "");
  }
  fputc('\n', file);
}

/* Few columns: a line for each percentile, and a column for each distribution. */
static void write_upright(const struct result_run *run, const struct table_row *rows, size_t count,
                          const struct style *style, FILE *file) {
  char text[UNITS_TEXT_SIZE];
  fprintf(file, "%*s", UPRIGHT_LABEL_COLUMNS, "");
  for (size_t row = 0; row < count; row++)
    if (result_has(run, rows[row].figure)) fprintf(file, "%*s", UPRIGHT_VALUE_COLUMNS, rows[row].label);
  fputc('\n', file);
  for (size_t i = 0; i < COLUMNS; i++) {
    bool is_median = strcmp(columns[i], "p50") == 0;
    const struct result_field *field = find_field(result_section_of(rows[0].figure), columns[i]);
    if (field == NULL) continue;
    fprintf(file, "%-*s%s", UPRIGHT_LABEL_COLUMNS, field->label, is_median ? style->strong : "");
    for (size_t row = 0; row < count; row++)
      if (result_has(run, rows[row].figure))
        fprintf(file, "%*s", UPRIGHT_VALUE_COLUMNS,
                result_field_format(result_section_of(rows[row].figure), field, run, text));
    fprintf(file, "%s\n", is_median ? style->end : "");
  }
}

void table_write(const struct result_run *run, const struct table_row *rows, size_t count, const struct style *style,
                 FILE *file) {
  bool has_names = false;
  if (style->columns < LABEL_COLUMNS + COLUMNS * VALUE_COLUMNS) {
    write_upright(run, rows, count, style, file);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    const struct result_section *section = result_section_of(rows[i].figure);
    if (!result_has(run, rows[i].figure)) continue;
    if (!has_names) write_names(section, file);
    has_names = true;
    write_values(run, rows[i].label, section, style, file);
  }
}
