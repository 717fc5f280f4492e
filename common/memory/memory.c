/* See memory.h. */
#include "common/memory/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "common/memory/memory_size.h"

/* Room for libuv to end in good order: the table of its descriptors' watchers is the largest piece. */
#define RESERVE_BYTES ((size_t)64 * 1024)

#define RESERVE_UNITS (RESERVE_BYTES / sizeof(max_align_t))

/* Here, as libuv hands an allocator nothing that they could stand in. Whoever of the threads takes a piece, it is gone.
 */
static max_align_t memory_reserve[RESERVE_UNITS];
static size_t memory_reserve_used;

static void *noted(void *memory) {
  if (memory == NULL) (void)lack_note(UV_ENOMEM);
  return memory;
}

void *memory_take(size_t bytes) {
  return noted(malloc(bytes > 0 ? bytes : 1));
}

void *memory_take_zeroed(size_t count, size_t bytes) {
  return noted(count > 0 && bytes > 0 ? calloc(count, bytes) : calloc(1, 1));
}

void *memory_grow(void *old, size_t bytes) {
  return noted(realloc(old, bytes > 0 ? bytes : 1));
}

char *memory_copy_text(const char *text, size_t length) {
  char *copy = memory_take(length + 1);
  if (copy == NULL) return NULL;
  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

/* Never given back: it is for the way to the end. A lack that it met took nothing from anybody, and is not noted before
 * half of it is gone: then who asks for the note ends while there is room for that. */
static void *take_of_reserve(size_t bytes) {
  size_t units = (bytes + sizeof(max_align_t) - 1) / sizeof(max_align_t);
  if (bytes > RESERVE_BYTES) return noted(NULL);
  size_t used = __atomic_fetch_add(&memory_reserve_used, units, __ATOMIC_RELAXED);
  if (used > RESERVE_UNITS - units) return noted(NULL);
  if (used + units > RESERVE_UNITS / 2) (void)lack_note(UV_ENOMEM);
  return &memory_reserve[used];
}

static bool is_of_reserve(const void *memory) {
  return (uintptr_t)memory >= (uintptr_t)memory_reserve &&
         (uintptr_t)memory < (uintptr_t)(memory_reserve + RESERVE_UNITS);
}

void *memory_take_surely(size_t bytes) {
  void *memory = malloc(bytes > 0 ? bytes : 1);
  if (memory == NULL) memory = take_of_reserve(bytes);
  return memory;
}

static void *take_zeroed_for_libuv(size_t count, size_t bytes) {
  void *memory = count > 0 && bytes > 0 ? calloc(count, bytes) : calloc(1, 1);
  if (memory == NULL && (bytes == 0 || count <= SIZE_MAX / bytes)) memory = take_of_reserve(count * bytes);
  /* What is in the reserve was never used before. */
  return memory;
}

void memory_give_back(void *memory) {
  if (!is_of_reserve(memory)) free(memory);
}

static void *grow_for_libuv(void *old, size_t bytes) {
  void *memory = is_of_reserve(old) ? NULL : realloc(old, bytes > 0 ? bytes : 1);
  if (memory == NULL) memory = take_of_reserve(bytes);
  if (memory == NULL || old == NULL || memory == old) return memory;
  if (!is_of_reserve(memory)) return memory;
  /* From the heap, or from the reserve, whose pieces are followed by others or by nothing that was written. */
  size_t room = is_of_reserve(old) ? (size_t)((uintptr_t)memory - (uintptr_t)old) : memory_size_of(old);
  if (room == 0) return NULL;
  memcpy(memory, old, room < bytes ? room : bytes);
  memory_give_back(old);
  return memory;
}

void memory_serve_libuv(void) {
  (void)uv_replace_allocator(memory_take_surely, grow_for_libuv, take_zeroed_for_libuv, memory_give_back);
}
