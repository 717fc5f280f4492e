/*
 * The store behind backpressure: what a slow reader has not taken yet.
 *
 * One small chunk per read would cost a request and a heap block each; so all that comes in during one write is
 * gathered in one growing part. Must not know sockets or requests.
 */
#include "server/echo/unsent.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_CAPACITY_BYTES 4096
/* By four rather than two: fewer moves, and fewer holes of odd sizes in the heap when a thousand of them grow. */
#define GROWTH 4

/* A capacity for `needed` bytes of the growing part: generous, but never such that both parts pass the bound. */
static size_t choose_capacity(const struct unsent *unsent, size_t needed, size_t bound_bytes) {
  size_t room = bound_bytes > unsent->writing.capacity ? bound_bytes - unsent->writing.capacity : 0;
  size_t generous = unsent->growing.capacity * GROWTH;
  if (generous < LEAST_CAPACITY_BYTES) generous = LEAST_CAPACITY_BYTES;
  if (generous > room) generous = room;
  return generous > needed ? generous : needed;
}

bool unsent_append(struct unsent *unsent, const uint8_t *bytes, size_t length, size_t bound_bytes) {
  struct unsent_part *part = &unsent->growing;
  size_t needed = part->length + length;
  if (needed > part->capacity) {
    size_t capacity = choose_capacity(unsent, needed, bound_bytes);
    uint8_t *moved = realloc(part->bytes, capacity);
    if (moved == NULL) return false;
    part->bytes = moved;
    part->capacity = capacity;
  }
  memcpy(part->bytes + part->length, bytes, length);
  part->length = needed;
  return true;
}

size_t unsent_held_bytes(const struct unsent *unsent) {
  return unsent->writing.capacity + unsent->growing.length;
}

bool unsent_begin_write(struct unsent *unsent) {
  if (unsent->growing.length == 0) return false;
  unsent->writing = unsent->growing;
  memset(&unsent->growing, 0, sizeof unsent->growing);
  return true;
}

static void clear_part(struct unsent_part *part) {
  free(part->bytes);
  memset(part, 0, sizeof *part);
}

void unsent_end_write(struct unsent *unsent) {
  clear_part(&unsent->writing);
}

void unsent_clear(struct unsent *unsent) {
  clear_part(&unsent->writing);
  clear_part(&unsent->growing);
}

size_t unsent_choose_read_bytes(size_t held_bytes, size_t bound_bytes, size_t buffer_bytes) {
  if (held_bytes >= bound_bytes) return 0;
  size_t room = bound_bytes - held_bytes;
  return room < buffer_bytes ? room : buffer_bytes;
}

bool unsent_may_resume(size_t held_bytes, size_t bound_bytes) {
  return held_bytes <= bound_bytes / 2;
}
