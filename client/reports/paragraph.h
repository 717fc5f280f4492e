/* Sentences for people: one line each, that the edge lays out for its terminal (layout.h). */
#ifndef LOPING_CLIENT_REPORTS_PARAGRAPH_H
#define LOPING_CLIENT_REPORTS_PARAGRAPH_H

#include <stdio.h>

#include "common/text/style.h"

/* Writes `label` in strong letters, then the text as printf() makes it, and ends the line. */
void paragraph_write(FILE *file, const struct style *style, const char *label, const char *format, ...)
    __attribute__((format(__printf__, 4, 5)));

#endif
