/* Text as it may stand in HTML and SVG, which are written as strings. The one escaper of both. */
#ifndef LOPING_CLIENT_CHARTS_MARKUP_H
#define LOPING_CLIENT_CHARTS_MARKUP_H

#include <stdio.h>

/* Writes any text as content or as the value of an attribute between quotes: what is markup is escaped, and what is no
 * printable UTF-8 is shown as safe_text.h does. */
void markup_write(FILE *out, const char *text);

/* As printf(), and all of it is text. */
void markup_print(FILE *out, const char *format, ...) __attribute__((format(__printf__, 2, 3)));

#endif
