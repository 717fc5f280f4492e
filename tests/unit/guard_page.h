/* Bytes that end where an unreadable page begins, so that a parser that reads one byte too many crashes its test. */
#ifndef LOPING_TESTS_UNIT_GUARD_PAGE_H
#define LOPING_TESTS_UNIT_GUARD_PAGE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUARD_PAGE_BYTES_MAX 65536

/* One area serves a whole test program; each call of guard_page_place() reuses it. */
static uint8_t *guard_page_end(void) {
  static uint8_t *end;
  if (end != NULL) return end;
  size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  uint8_t *area =
      mmap(NULL, GUARD_PAGE_BYTES_MAX + page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert(area != MAP_FAILED);
  end = area + GUARD_PAGE_BYTES_MAX;
  int status = mprotect(end, page_bytes, PROT_NONE);
  assert(status == 0);
  (void)status;
  return end;
}

/* Copies `length` bytes (at most GUARD_PAGE_BYTES_MAX) so that the byte after the last one cannot be read or written.
 * The copy is good until the next call. */
static inline uint8_t *guard_page_place(const void *bytes, size_t length) {
  assert(length <= GUARD_PAGE_BYTES_MAX);
  uint8_t *copy = guard_page_end() - length;
  if (length > 0) memcpy(copy, bytes, length);
  return copy;
}

/* The same for a string, its end mark included. */
static inline char *guard_page_place_string(const char *text) {
  return (char *)guard_page_place(text, strlen(text) + 1);
}

#endif
