/* What a page shows of the server, and the event that brings it there (server-sent events, HTML 9.2). Pure. */
#ifndef LOPING_SERVER_HTTP_COUNTS_H
#define LOPING_SERVER_HTTP_COUNTS_H

#include "server/http/buffer.h"
#include "server/http/native.h"
#include "server/say/server_stats.h"

struct http_counts {
  uint64_t run_ns; /* since the start */
  struct server_stats stats;
  struct http_native native; /* of the stamped session that ended last */
};

/* "data: {...}", in the names of the summary's JSON, with open_connections and native. */
void http_counts_put_event(struct http_buffer *buffer, const struct http_counts *counts);

/* The items of a list, one for each counter that is always shown. */
void http_counts_put_items(struct http_buffer *buffer, const struct http_counts *counts);

#endif
