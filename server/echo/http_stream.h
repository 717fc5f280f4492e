/*
 * --http: a connection whose first read begins with the head of a request is a browser's, and is answered as such,
 * until it ends. Without the option a browser is only spoken of.
 */
#ifndef LOPING_SERVER_ECHO_HTTP_STREAM_H
#define LOPING_SERVER_ECHO_HTTP_STREAM_H

#include "server/echo/connection.h"

/* Judges the first read of a plain connection of a server that has a desk. True: it was a request, and is answered. */
bool http_stream_begins(struct connection *connection, const uint8_t *bytes, size_t length);

/* Answers what came since, with what was kept before it. */
void http_stream_take(struct connection *connection, const uint8_t *bytes, size_t length);

#endif
