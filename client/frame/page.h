/*
 * A page of text for people: written into memory, and laid out for stdout's terminal when it is whole (layout.h), as
 * only whole lines can be. Where there is no memory for it, what is written goes to stdout as it is.
 */
#ifndef LOPING_CLIENT_FRAME_PAGE_H
#define LOPING_CLIENT_FRAME_PAGE_H

#include <stddef.h>
#include <stdio.h>

struct page {
  FILE *file; /* to write to, between page_begin() and page_end() */
  char *text;
  size_t length;
};

FILE *page_begin(struct page *page);

/* Prints it. */
void page_end(struct page *page);

#endif
