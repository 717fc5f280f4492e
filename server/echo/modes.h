/* What a connection does with what it read, in the mode of its session. */
#ifndef LOPING_SERVER_ECHO_MODES_H
#define LOPING_SERVER_ECHO_MODES_H

#include "server/echo/connection.h"

/* What to do with bytes, and with the end of the input, in the session's mode. `bytes` lie in the worker's buffer,
 * after the partial frame that the session keeps; they may be changed. `receive_ns`: when the read callback began; 0 in
 * plain echo, which does not need it. */
void modes_take(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns);
void modes_take_end(struct connection *connection);

/* Does unsent echo bound the reading? False in the modes that discard what they read. */
bool modes_is_bounded(const struct connection *connection);

#endif
