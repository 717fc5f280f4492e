/*
 * The first 16 bytes on a connection, and what their answer says of the peer. Pure.
 *
 * Any echo server returns them. lopong answers a hello with its welcome. Whatever else comes is no echo server.
 */
#ifndef LOPING_CLIENT_PEER_GREETING_H
#define LOPING_CLIENT_PEER_GREETING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire/wire.h"

#define GREETING_BYTES WIRE_HELLO_BYTES

enum greeting {
  GREETING_HELLO,  /* asks for a stamped session; a plain echo server returns it */
  GREETING_SINK,   /* asks lopong to read and discard */
  GREETING_SOURCE, /* asks lopong to send without end */
  GREETING_PROBE,  /* asks for faults, and ends a line: a server that waits for lines shows that it is no echo */
  GREETING_NONE,   /* datagrams: the first message itself shows who answers */
};

enum greeting_answer {
  GREETING_ANSWER_PARTIAL, /* all is as it should be so far */
  GREETING_ANSWER_ECHO,
  GREETING_ANSWER_LOPONG,
  GREETING_ANSWER_OTHER,
};

/* Writes the greeting; frame_bytes is that of the stamped session, and a sink may discard unread if `is_unread`.
 * Nothing for GREETING_NONE. */
void greeting_write(enum greeting greeting, uint32_t frame_bytes, bool is_unread, uint8_t out[GREETING_BYTES]);

/* Does the greeting ask for a session that only lopong has? */
bool greeting_needs_lopong(enum greeting greeting);

/* Judges the first `length` bytes (1 to GREETING_BYTES) of the answer to `sent`; fills `welcome` for LOPONG. */
enum greeting_answer greeting_judge(const uint8_t sent[GREETING_BYTES], const uint8_t *answer, size_t length,
                                    struct wire_welcome *welcome);

#endif
