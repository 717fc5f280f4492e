/* See page.h. */
#include "client/frame/page.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/layout.h"

FILE *page_begin(struct page *page) {
  memset(page, 0, sizeof *page);
  page->file = open_memstream(&page->text, &page->length);
  if (page->file == NULL) page->file = stdout;
  return page->file;
}

void page_end(struct page *page) {
  if (page->file == stdout) return;
  bool is_whole = ferror(page->file) == 0;
  if (fclose(page->file) == 0 && is_whole)
    layout_write(stdout, page->text);
  else
    fputs("loping: no memory is left for the report\n", stderr);
  free(page->text);
}
