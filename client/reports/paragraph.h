/* Sentences for people, wrapped to the columns of a terminal. */
#ifndef LOPING_CLIENT_REPORTS_PARAGRAPH_H
#define LOPING_CLIENT_REPORTS_PARAGRAPH_H

#include <stdio.h>

#include "client/reports/style.h"

#define PARAGRAPH_COLUMNS 80

/* Writes `label` in strong letters, then the text as printf() makes it, wrapped at spaces; later lines are indented by
 * two columns. A text beyond 1 KiB is cut. */
void paragraph_write(FILE *file, const struct style *style, const char *label, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Writes `text` wrapped, when `column` columns of the first line are taken; later lines are indented by `indent`. */
void paragraph_wrap(FILE *file, const char *text, size_t column, size_t indent);

#endif
