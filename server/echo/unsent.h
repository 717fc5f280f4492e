/*
 * Echo that the socket did not take yet, in order: one part that is being written, and one that grows meanwhile.
 *
 * Memory is counted as it is allocated, not as it is filled: the two parts together take at most the bound, whatever
 * the sizes of the pieces that came in. Pure: knows no socket.
 */
#ifndef LOPING_SERVER_ECHO_UNSENT_H
#define LOPING_SERVER_ECHO_UNSENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unsent_part {
  uint8_t *bytes;
  size_t length;
  size_t capacity;
};

/* All zero is an empty one. */
struct unsent {
  struct unsent_part writing;
  struct unsent_part growing;
};

/* Copies `length` bytes to the end. More than the bound leaves room for is taken all the same (the caller reads no more
 * than the room), and then exactly that much is allocated. False if memory ran out; nothing is lost then but these. */
bool unsent_append(struct unsent *unsent, const uint8_t *bytes, size_t length, size_t bound_bytes);

/* What counts against the bound: bytes allocated for the part that is being written, and filled in the other. */
size_t unsent_held_bytes(const struct unsent *unsent);

/* Makes what has grown the part to write. False when there is nothing to write. The former part must be done. */
bool unsent_begin_write(struct unsent *unsent);

/* Frees the part that was written. */
void unsent_end_write(struct unsent *unsent);

/* Frees both. */
void unsent_clear(struct unsent *unsent);

/* How many bytes to read next from a connection that holds `held_bytes` of unsent echo; 0: stop reading. */
size_t unsent_choose_read_bytes(size_t held_bytes, size_t bound_bytes, size_t buffer_bytes);

/* May a connection that was stopped be read again? At half the bound, so that reading does not start and stop with
 * every few bytes. */
bool unsent_may_resume(size_t held_bytes, size_t bound_bytes);

#endif
