/* The pages that watch the counters: each gets an event once a second, while it reads. */
#ifndef LOPING_SERVER_ECHO_HTTP_EVENTS_H
#define LOPING_SERVER_ECHO_HTTP_EVENTS_H

#include "server/echo/connection.h"

/* The connection, whose answer has begun and which has its place at the desk, gets the first event and those that
 * follow. A failure closes it. */
void http_events_begin(struct connection *connection);

#endif
