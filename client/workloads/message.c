/* Building messages and checking their echoes; the layout is in message.h and common/wire/wire.h. Pure. */
#include "client/workloads/message.h"

#include <string.h>

#define SEQUENCE_BYTES 8

bool message_is_frame(size_t bytes) {
  return bytes >= WIRE_FRAME_HEADER_BYTES;
}

void message_put(uint8_t *message, size_t bytes, uint64_t sequence) {
  if (message_is_frame(bytes)) {
    struct wire_frame frame = {.sequence = sequence};
    wire_put_frame(&frame, message);
    return;
  }
  for (size_t i = 0; i < bytes && i < SEQUENCE_BYTES; i++)
    message[i] = (uint8_t)(sequence >> (8 * i));
}

void message_put_send_time(uint8_t *message, size_t bytes, uint64_t send_ns) {
  if (message_is_frame(bytes)) wire_put_send_time(send_ns, message);
}

uint64_t message_sequence(const uint8_t *message, size_t bytes, uint64_t near) {
  struct wire_frame frame;
  if (wire_get_frame(message, bytes, &frame)) return frame.sequence;
  size_t carried = bytes < SEQUENCE_BYTES ? bytes : SEQUENCE_BYTES;
  uint64_t low = 0;
  for (size_t i = 0; i < carried; i++)
    low |= (uint64_t)message[i] << (8 * i);
  if (carried == SEQUENCE_BYTES) return low;
  uint64_t span = UINT64_C(1) << (8 * carried);
  uint64_t candidate = (near & ~(span - 1)) | low;
  if (candidate > near && candidate - near > span / 2 && candidate >= span) return candidate - span;
  if (candidate < near && near - candidate > span / 2) return candidate + span;
  return candidate;
}

void reply_reader_reset(struct reply_reader *reader) {
  reader->offset = 0;
  reader->mismatch = MESSAGE_ALL_EQUAL;
}

static size_t header_bytes(size_t bytes) {
  return message_is_frame(bytes) ? WIRE_FRAME_HEADER_BYTES : 0;
}

static size_t smaller(size_t one, size_t other) {
  return one < other ? one : other;
}

static size_t first_difference(const uint8_t *one, const uint8_t *other, size_t length) {
  size_t i = 0;
  while (i < length && one[i] == other[i])
    i++;
  return i;
}

size_t reply_reader_take(struct reply_reader *reader, const uint8_t *sent, size_t bytes, const uint8_t *in,
                         size_t length) {
  size_t taken = 0;
  if (reader->offset < header_bytes(bytes)) {
    taken = smaller(header_bytes(bytes) - reader->offset, length);
    memcpy(reader->header + reader->offset, in, taken);
    reader->offset += taken;
  }
  size_t rest = smaller(bytes - reader->offset, length - taken);
  if (rest == 0) return taken;
  const uint8_t *expected = sent + reader->offset;
  if (reader->mismatch == MESSAGE_ALL_EQUAL && memcmp(expected, in + taken, rest) != 0)
    reader->mismatch = reader->offset + first_difference(expected, in + taken, rest);
  reader->offset += rest;
  return taken + rest;
}

size_t reply_reader_judge(const struct reply_reader *reader, const uint8_t *sent, size_t bytes, uint8_t server_flags,
                          struct wire_frame *stamp, bool *is_stamped) {
  *is_stamped = false;
  if (!message_is_frame(bytes)) return reader->mismatch;
  bool is_frame = wire_get_frame(reader->header, WIRE_FRAME_HEADER_BYTES, stamp);
  /* Only the reply flag itself may have changed, and what a server with faults says by its own: any other bit there is
   * a corrupted byte. */
  *is_stamped = is_frame && wire_matches_reply(sent, reader->header, server_flags);
  if (*is_stamped) return reader->mismatch;
  size_t at = wire_header_mismatch(sent, reader->header, server_flags);
  return at < WIRE_FRAME_HEADER_BYTES ? at : reader->mismatch;
}
