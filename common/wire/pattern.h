/*
 * The bytes that loping sends and checks: an endless, seeded stream that both ends of a check can make for themselves.
 * Its period is a prime, so that a chunk that was lost, doubled or swapped never lines up with itself again. Pure.
 */
#ifndef LOPING_COMMON_WIRE_PATTERN_H
#define LOPING_COMMON_WIRE_PATTERN_H

#include <stddef.h>
#include <stdint.h>

/* The longest window that pattern_at() gives, in bytes. */
#define PATTERN_WINDOW_BYTES (1024 * 1024)

struct pattern;

/* NULL if memory ran out (about 1.3 MiB). The same seed makes the same bytes on every machine. The caller frees it. */
struct pattern *pattern_create(uint64_t seed);
void pattern_free(struct pattern *pattern);

/* The stream's bytes from `offset` on, PATTERN_WINDOW_BYTES of them; they belong to `pattern`. */
const uint8_t *pattern_at(const struct pattern *pattern, uint64_t offset);

/* All bytes that the windows are made of, and their number: pattern_at() points into them. */
const uint8_t *pattern_bytes(const struct pattern *pattern, size_t *length);

/* Compares `length` bytes (any length) with the stream from `offset` on. Returns `length` when all agree, otherwise the
 * index of the first byte that does not. */
size_t pattern_first_mismatch(const struct pattern *pattern, uint64_t offset, const uint8_t *bytes, size_t length);

#endif
