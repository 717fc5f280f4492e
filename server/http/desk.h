/*
 * What all threads of a server share of --http: the counts that its pages show, how many of them watch, and whether a
 * browser has been spoken of. Guarded by a lock of its own, which is never taken for a message of an echo.
 */
#ifndef LOPING_SERVER_HTTP_DESK_H
#define LOPING_SERVER_HTTP_DESK_H

#include <stdbool.h>

#include "server/http/counts.h"

/* Pages that watch the counters at a time, of the whole server. */
#define HTTP_STREAMS_MAX 16

struct http_desk;

/* `is_open`: requests are answered; otherwise it only knows whether a browser was spoken of. Returns 0 or a negative
 * UV_ code. NULL is ignored by http_desk_free(). */
int http_desk_create(bool is_open, struct http_desk **created);
void http_desk_free(struct http_desk *desk);

/* Never changes, and needs no lock. */
bool http_desk_is_open(const struct http_desk *desk);

void http_desk_put_counts(struct http_desk *desk, uint64_t run_ns, const struct server_stats *stats);
void http_desk_put_native(struct http_desk *desk, const struct http_native_times *times);
void http_desk_read(struct http_desk *desk, struct http_counts *counts);

/* Takes one of the places for a page that watches; false: there is none. Gives it back. */
bool http_desk_take_place(struct http_desk *desk);
void http_desk_leave_place(struct http_desk *desk);

/* True once. */
bool http_desk_is_first_browser(struct http_desk *desk);

#endif
