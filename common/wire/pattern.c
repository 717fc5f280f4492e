/* The seeded byte stream that loping sends and checks. Pure. */
#include "common/wire/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"

/* A prime near 256 KiB: small enough to stay in the second-level cache, and no buffer size divides it. */
#define PERIOD_BYTES 262139

struct pattern {
  /* One period, and as much of the next as a window that begins at the period's last byte needs. */
  uint8_t bytes[PERIOD_BYTES + PATTERN_WINDOW_BYTES];
};

/* splitmix64 (Sebastiano Vigna, public domain description at prng.di.unimi.it): one state word, every seed is good. */
static uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

struct pattern *pattern_create(uint64_t seed) {
  struct pattern *pattern = memory_take(sizeof *pattern);
  if (pattern == NULL) return NULL;
  uint64_t state = seed;
  for (size_t i = 0; i < PERIOD_BYTES; i += 8) {
    uint64_t word = next_random(&state);
    for (size_t byte = 0; byte < 8 && i + byte < PERIOD_BYTES; byte++)
      pattern->bytes[i + byte] = (uint8_t)(word >> (8 * byte));
  }
  for (size_t i = PERIOD_BYTES; i < sizeof pattern->bytes; i++)
    pattern->bytes[i] = pattern->bytes[i - PERIOD_BYTES];
  return pattern;
}

void pattern_free(struct pattern *pattern) {
  free(pattern);
}

const uint8_t *pattern_at(const struct pattern *pattern, uint64_t offset) {
  return pattern->bytes + offset % PERIOD_BYTES;
}

const uint8_t *pattern_bytes(const struct pattern *pattern, size_t *length) {
  *length = sizeof pattern->bytes;
  return pattern->bytes;
}

static size_t first_difference(const uint8_t *one, const uint8_t *other, size_t length) {
  size_t i = 0;
  while (i < length && one[i] == other[i])
    i++;
  return i;
}

size_t pattern_first_mismatch(const struct pattern *pattern, uint64_t offset, const uint8_t *bytes, size_t length) {
  size_t done = 0;
  while (done < length) {
    size_t step = length - done < PATTERN_WINDOW_BYTES ? length - done : PATTERN_WINDOW_BYTES;
    const uint8_t *expected = pattern_at(pattern, offset + done);
    /* memcmp is many times faster than a loop of our own, and almost always says that all is well. */
    if (memcmp(expected, bytes + done, step) != 0) return done + first_difference(expected, bytes + done, step);
    done += step;
  }
  return length;
}
