/* How bytes leave a connection: at once, or as soon as the socket takes them. */
#ifndef LOPING_SERVER_ECHO_OUTPUT_H
#define LOPING_SERVER_ECHO_OUTPUT_H

#include "server/echo/connection.h"

/* Sends `bytes` now as far as the socket takes them, and keeps the rest in order. They may be overwritten after the
 * call. What has come into the connection's relay is sent instead: output_drain(). A failure closes the connection;
 * returns false then. */
bool output_send(struct connection *connection, const uint8_t *bytes, size_t length);

/* Sends now what stands in the connection's relay, as far as the socket takes it; the rest stays there, in its order. A
 * failure closes the connection; returns false then. */
bool output_drain(struct connection *connection);

/* Its relay is full, and yet more may be held: what stands there becomes part of what is unsent, and is read as usual
 * from now on. A failure closes the connection. */
void output_spill(struct connection *connection);

/* The source mode: sends the endless pattern, for a bounded while at a time. */
void output_pump(struct connection *connection);

/* Nothing more will be sent after what is unsent: flush, shut down, close. */
void output_finish(struct connection *connection, const char *reason);

/* Of one that is ending: shuts down if nothing is left to be sent. */
void output_end_if_flushed(struct connection *connection);

/* Bytes of echo that the connection holds, its relay and what is held on purpose included. */
size_t output_held_bytes(const struct connection *connection);

#endif
