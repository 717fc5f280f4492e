/* The short help of a program or a command: one screen, with examples, and where the rest stands. Pure text. */
#ifndef LOPING_COMMON_OPTIONS_HELP_PAGE_H
#define LOPING_COMMON_OPTIONS_HELP_PAGE_H

#include <stddef.h>

#include "common/options/options.h"

#define HELP_PAGE_EXAMPLES 2
#define HELP_PAGE_SIZE     16384

struct help_example {
  const char *words; /* the whole command line */
  const char *does;  /* a few words */
};

/* Each text is of whole lines. */
struct help_page {
  const char *head; /* the usage, and what it does */
  struct help_example examples[HELP_PAGE_EXAMPLES];
  const struct option_row *rows; /* those with OPTION_BRIEF are shown */
  size_t row_count;
  const char *arguments; /* what the arguments mean; may be NULL */
  const char *after;     /* the exit statuses, and where the rest is */
};

/* Writes it for lines of so many columns into `out` (HELP_PAGE_SIZE bytes) and returns it. The caller lays out the
 * texts' own lines (layout.h). */
const char *help_page_write(const struct help_page *page, size_t columns, char out[HELP_PAGE_SIZE]);

#endif
