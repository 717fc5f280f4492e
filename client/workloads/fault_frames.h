/*
 * The replies of a server that fails on purpose: where one ends in a stream, if it was cut short, and what its flags
 * say of it. Pure but for its memory.
 */
#ifndef LOPING_CLIENT_WORKLOADS_FAULT_FRAMES_H
#define LOPING_CLIENT_WORKLOADS_FAULT_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire/fault_report.h"
#include "common/wire/wire.h"

/* The beginning of what a stream has brought and nobody has taken. All zero is an empty one. */
struct fault_frames {
  uint8_t *bytes;
  size_t length;
  size_t last_end; /* of the reply before: an extra copy of it is as long */
};

void fault_frames_free(struct fault_frames *frames);

/* Takes bytes until a reply of `frame_bytes` stands there; returns how many, 0 without memory. */
size_t fault_frames_take(struct fault_frames *frames, size_t frame_bytes, const uint8_t *in, size_t length);

/* Where the first reply ends, of what is as long as a whole one: earlier, where it says that it was changed and another
 * begins within it. `sent` is what it answers, or NULL. */
size_t fault_frames_find_end(struct fault_frames *frames, const uint8_t *sent);

/* Does a reply begin there that says that it was changed, and is not whole? */
bool fault_frames_is_cut(const struct fault_frames *frames);

/* Drops the first bytes. */
void fault_frames_drop(struct fault_frames *frames, size_t length);

/* Counts by its flags a reply that was held for the time of its round trip. `bytes` is at least WIRE_FRAME_HEADER_BYTES
 * where `length` is. */
void fault_frames_note_held(const uint8_t *bytes, size_t length, uint64_t rtt_ns, struct wire_fault_count *seen);

#endif
