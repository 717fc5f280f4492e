/* The page of --http. Pure. */
#ifndef LOPING_SERVER_HTTP_PAGE_H
#define LOPING_SERVER_HTTP_PAGE_H

#include "server/http/buffer.h"
#include "server/http/counts.h"

/* More than the largest head becomes as text, and the page around it. */
#define HTTP_PAGE_SIZE (128 * 1024)

struct http_page_facts {
  const struct http_head *request;
  const char *address; /* where the browser is connected: "127.0.0.1:62893" */
  const char *target;  /* the same as loping takes it: "62893" */
  const struct http_counts *counts;
};

void http_page_put(struct http_buffer *buffer, const struct http_page_facts *facts);

#endif
