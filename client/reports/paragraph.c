/* Wrapping; see paragraph.h. Counts bytes as columns: the reports are written in ASCII. */
#include "client/reports/paragraph.h"

#include <stdarg.h>
#include <string.h>

#define TEXT_SIZE 1024
#define INDENT    2

void paragraph_wrap(FILE *file, const char *text, size_t column, size_t indent) {
  size_t margin = strspn(text, " ");
  fprintf(file, "%*s", (int)margin, "");
  text += margin;
  column += margin;
  size_t start = column;
  while (*text != '\0') {
    size_t word = strcspn(text, " ");
    if (column > start && column + 1 + word > PARAGRAPH_COLUMNS) {
      fprintf(file, "\n%*s", (int)indent, "");
      start = column = indent;
    } else if (column > start) {
      fputc(' ', file);
      column++;
    }
    fwrite(text, 1, word, file);
    column += word;
    text += word;
    text += strspn(text, " ");
  }
  fputc('\n', file);
}

void paragraph_write(FILE *file, const struct style *style, const char *label, const char *format, ...) {
  char text[TEXT_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fprintf(file, "%s%s%s", style->strong, label, style->end);
  paragraph_wrap(file, text, strlen(label), INDENT);
}
