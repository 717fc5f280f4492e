/*
 * One timed payload and its check. A message of at least 40 bytes begins with a frame header (common/wire/wire.h), so
 * that lopong can stamp it; a shorter one begins with as much of its sequence number as fits. The rest is pattern.
 * Pure.
 */
#ifndef LOPING_CLIENT_WORKLOADS_MESSAGE_H
#define LOPING_CLIENT_WORKLOADS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire/wire.h"

#define MESSAGE_ALL_EQUAL SIZE_MAX

/* Can a message of this size carry a frame header? */
bool message_is_frame(size_t bytes);

/* Writes the sequence number over the beginning of a message, in a frame with its whole header. What follows stays. */
void message_put(uint8_t *message, size_t bytes, uint64_t sequence);

/* In a frame: writes the send time. */
void message_put_send_time(uint8_t *message, size_t bytes, uint64_t send_ns);

/* Reads the sequence number that a message carries. A message of less than 8 bytes carries only the low bytes of it:
 * the candidate nearest to `near` is meant. `bytes` is at least 1. */
uint64_t message_sequence(const uint8_t *message, size_t bytes, uint64_t near);

/* Reads a reply piece by piece, as a stream delivers it, and compares each byte with what was sent. */
struct reply_reader {
  uint8_t header[WIRE_FRAME_HEADER_BYTES];
  size_t offset;   /* bytes of the reply taken so far */
  size_t mismatch; /* the first offset that differs, so far; MESSAGE_ALL_EQUAL if none */
};

void reply_reader_reset(struct reply_reader *reader);

/* Takes up to the end of one reply from `in`; returns the bytes taken. The reply is whole when reader->offset is
 * `bytes`. */
size_t reply_reader_take(struct reply_reader *reader, const uint8_t *sent, size_t bytes, const uint8_t *in,
                         size_t length);

/* Judges a whole reply: the first offset that is not as it was sent, or MESSAGE_ALL_EQUAL. A server's stamp may change
 * just its own fields, and set any of `server_flags`; `stamp` receives them, and *is_stamped says whether there are
 * any. */
size_t reply_reader_judge(const struct reply_reader *reader, const uint8_t *sent, size_t bytes, uint8_t server_flags,
                          struct wire_frame *stamp, bool *is_stamped);

#endif
