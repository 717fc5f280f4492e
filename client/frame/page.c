/* See page.h. */
#include "client/frame/page.h"

#include <stdlib.h>
#include <string.h>

#include "common/text/layout.h"

FILE *page_begin(struct page *page) {
  memset(page, 0, sizeof *page);
  page->is_straight = text_stream_open(&page->stream) != 0;
  return page->is_straight ? stdout : page->stream.file;
}

void page_end(struct page *page) {
  if (page->is_straight || text_stream_close(&page->stream) != 0) return;
  layout_write(stdout, page->stream.text);
  free(page->stream.text);
}
