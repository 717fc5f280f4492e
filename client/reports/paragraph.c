/* See paragraph.h. */
#include "client/reports/paragraph.h"

#include <stdarg.h>
#include <string.h>

#include "common/text/wrap.h"

#define TEXT_SIZE 1024
#define INDENT    2

static void put(void *owner, const char *bytes, size_t length) {
  fwrite(bytes, 1, length, owner);
}

void paragraph_wrap(FILE *file, const char *text, size_t column, size_t indent) {
  size_t margin = strspn(text, " ");
  struct wrap wrap = {
      .columns = PARAGRAPH_COLUMNS, .indent = indent, .column = column + margin, .put = put, .owner = file};
  fprintf(file, "%*s", (int)margin, "");
  wrap_write(&wrap, text + margin);
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
