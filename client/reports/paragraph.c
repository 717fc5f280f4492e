/* See paragraph.h. */
#include "client/reports/paragraph.h"

#include <stdarg.h>

void paragraph_write(FILE *file, const struct style *style, const char *label, const char *format, ...) {
  va_list arguments;
  fprintf(file, "%s%s%s", style->strong, label, style->end);
  va_start(arguments, format);
  vfprintf(file, format, arguments);
  va_end(arguments);
  fputc('\n', file);
}
