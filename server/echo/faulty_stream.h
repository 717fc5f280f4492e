/* What a connection of a server with --fault does in place of echoing. Called only where connection->faulty is there.
 */
#ifndef LOPING_SERVER_ECHO_FAULTY_STREAM_H
#define LOPING_SERVER_ECHO_FAULTY_STREAM_H

#include "common/wire/wire.h"
#include "server/echo/connection.h"

/* Looks at what was just read, before anybody else: true where nothing more is to be done with it, or the connection is
 * reset. */
bool faulty_stream_swallows(struct connection *connection);

/* Takes one message, which may be changed: a frame of a session, or what one read of a plain stream brought. False: the
 * connection is closed. */
bool faulty_stream_pass(struct connection *connection, uint8_t *bytes, size_t length, uint64_t receive_ns,
                        bool is_frame);

/* Answers a hello of WIRE_MODE_FAULTS. */
void faulty_stream_tell(struct connection *connection, const struct wire_hello *hello);

#endif
