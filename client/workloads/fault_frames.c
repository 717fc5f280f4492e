/* See fault_frames.h. */
#include "client/workloads/fault_frames.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"

/* Magic and version. */
#define SURE_BYTES 5

void fault_frames_free(struct fault_frames *frames) {
  free(frames->bytes);
  *frames = (struct fault_frames){0};
}

size_t fault_frames_take(struct fault_frames *frames, size_t frame_bytes, const uint8_t *in, size_t length) {
  if (frames->bytes == NULL) frames->bytes = memory_take(frame_bytes);
  if (frames->bytes == NULL) return 0;
  size_t room = frame_bytes - frames->length, taken = length < room ? length : room;
  memcpy(frames->bytes + frames->length, in, taken);
  frames->length += taken;
  return taken;
}

static uint8_t flags_of(const struct fault_frames *frames) {
  struct wire_frame frame;
  return wire_get_frame(frames->bytes, frames->length, &frame) ? frame.flags : 0;
}

static size_t find_cut(const struct fault_frames *frames, const uint8_t *sent) {
  uint8_t flags = flags_of(frames);
  if ((flags & WIRE_FRAME_FLAG_CHANGED) == 0) return frames->length;
  if ((flags & WIRE_FRAME_FLAG_DUPLICATED) != 0 && frames->last_end > 0) return frames->last_end;
  for (size_t at = WIRE_FRAME_HEADER_BYTES; at < frames->length; at++) {
    size_t left = frames->length - at, compared = left < SURE_BYTES ? left : SURE_BYTES;
    if (memcmp(frames->bytes + at, frames->bytes, compared) != 0) continue;
    /* The payload may look like it by chance. */
    if (sent == NULL || memcmp(frames->bytes + at, sent + at, left) != 0) return at;
  }
  return frames->length;
}

size_t fault_frames_find_end(struct fault_frames *frames, const uint8_t *sent) {
  frames->last_end = find_cut(frames, sent);
  return frames->last_end;
}

bool fault_frames_is_cut(const struct fault_frames *frames) {
  return frames->length >= WIRE_FRAME_HEADER_BYTES && (flags_of(frames) & WIRE_FRAME_FLAG_CHANGED) != 0;
}

void fault_frames_drop(struct fault_frames *frames, size_t length) {
  frames->length -= length;
  memmove(frames->bytes, frames->bytes + length, frames->length);
}

void fault_frames_note_held(const uint8_t *bytes, size_t length, uint64_t rtt_ns, struct wire_fault_count *seen) {
  struct wire_frame frame;
  if (length < WIRE_FRAME_HEADER_BYTES || !wire_get_frame(bytes, WIRE_FRAME_HEADER_BYTES, &frame)) return;
  bool is_stalled = (frame.flags & WIRE_FRAME_FLAG_STALLED) != 0,
       is_delayed = (frame.flags & WIRE_FRAME_FLAG_DELAYED) != 0;
  if (is_stalled) seen[WIRE_FAULT_STALL].count++;
  if (is_delayed) seen[WIRE_FAULT_DELAY].count++;
  if (is_stalled || is_delayed) seen[is_stalled ? WIRE_FAULT_STALL : WIRE_FAULT_DELAY].held_ns += rtt_ns;
  if ((frame.flags & WIRE_FRAME_FLAG_REORDERED) != 0) seen[WIRE_FAULT_REORDER].count++;
}
