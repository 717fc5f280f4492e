/* The short help; see help_page.h. */
#include "common/options/help_page.h"

#include <stdio.h>
#include <string.h>

/* What an example does begins here. */
#define EXAMPLE_INDENT 40

/* What does not fit is cut. */
static void append(char out[HELP_PAGE_SIZE], const char *text) {
  size_t used = strlen(out);
  snprintf(out + used, HELP_PAGE_SIZE - used, "%s", text);
}

const char *help_page_write(const struct help_page *page, size_t columns, char out[HELP_PAGE_SIZE]) {
  char line[OPTIONS_PROBLEM_SIZE];
  bool has_options = false;
  out[0] = '\0';
  append(out, page->head);
  append(out, "\n");
  for (size_t i = 0; i < HELP_PAGE_EXAMPLES; i++)
    append(out, options_format_entry(page->examples[i].words, page->examples[i].does, EXAMPLE_INDENT, columns, line));
  append(out, "\n");
  for (size_t i = 0; i < page->row_count; i++) {
    if (!options_is_brief(&page->rows[i])) continue;
    append(out, options_format_brief(&page->rows[i], columns, line));
    has_options = true;
  }
  if (has_options) append(out, "\n");
  if (page->arguments != NULL) append(out, page->arguments);
  append(out, page->after);
  return out;
}
