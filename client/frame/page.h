/*
 * A page of text for people: written into memory, and laid out for stdout's terminal when it is whole (layout.h), as
 * only whole lines can be. Where there is no memory for it, what is written goes to stdout as it is.
 */
#ifndef LOPING_CLIENT_FRAME_PAGE_H
#define LOPING_CLIENT_FRAME_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "client/frame/text_stream.h"

struct page {
  struct text_stream stream;
  bool is_straight; /* to stdout */
};

/* Returns what to write to until page_end(). */
FILE *page_begin(struct page *page);

/* Prints it. Nothing where memory did not suffice for it, which is noted (lack.h). */
void page_end(struct page *page);

#endif
