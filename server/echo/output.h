/* How bytes leave a connection: at once, or as soon as the socket takes them. */
#ifndef LOPING_SERVER_ECHO_OUTPUT_H
#define LOPING_SERVER_ECHO_OUTPUT_H

#include "server/echo/connection.h"

/* Sends `bytes` now as far as the socket takes them, and keeps the rest in order. They may be overwritten after the
 * call. A failure closes the connection; returns false then. */
bool output_send(struct connection *connection, const uint8_t *bytes, size_t length);

/* The source mode: sends the endless pattern, for a bounded while at a time. */
void output_pump(struct connection *connection);

/* Nothing more will be sent after what is unsent: flush, shut down, close. */
void output_finish(struct connection *connection, const char *reason);

/* Bytes of echo that the connection holds. */
size_t output_held_bytes(const struct connection *connection);

#endif
