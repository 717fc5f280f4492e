/* Reading a connection, TCP or unix, whatever its mode. */
#ifndef LOPING_SERVER_ECHO_STREAM_H
#define LOPING_SERVER_ECHO_STREAM_H

#include "server/echo/connection.h"

/* Makes a connection that is read by this file once it begins. Returns 0 or a negative UV_ code. */
int stream_create(struct worker *worker, const struct stream_kind *kind, struct connection **created);

/* Serves one that is open and was let in, in its own loop. */
void stream_begin(struct connection *connection);

#endif
