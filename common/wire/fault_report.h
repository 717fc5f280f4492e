/*
 * What a server did wrong on purpose, as it tells who asks (the hello of WIRE_MODE_FAULTS). All integers are
 * little-endian.
 *
 *   offset  size
 *        0     8  magic "\x8BLOPFLT1"
 *        8     1  version
 *        9     1  rows
 *       10     2  spec_bytes
 *       12     4  bytes in all
 *       16     8  seed
 *       24     8  no_room             answers that were lost as too many were held, by none of the faults
 *       32    24  each row: kind (1), reserved (7), count (8), held_ns (8)
 *        .     .  the spec, text without an end
 *
 * A reader skips rows of a kind that it does not know. Pure: bytes in, plain data out.
 */
#ifndef LOPING_COMMON_WIRE_FAULT_REPORT_H
#define LOPING_COMMON_WIRE_FAULT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_FAULT_SPEC_SIZE        256
#define WIRE_FAULT_HEAD_BYTES       32
#define WIRE_FAULT_ROW_BYTES        24
#define WIRE_FAULT_REPORT_VERSION   1
#define WIRE_FAULT_REPORT_BYTES_MAX 4096

/* Their numbers stand on the wire: a new one comes last. */
enum wire_fault {
  WIRE_FAULT_DELAY,
  WIRE_FAULT_STALL,
  WIRE_FAULT_DROP,
  WIRE_FAULT_DUPLICATE,
  WIRE_FAULT_REORDER,
  WIRE_FAULT_CORRUPT,
  WIRE_FAULT_TRUNCATE,
  WIRE_FAULT_RESET,
  WIRE_FAULT_STOP_READING,
  WIRE_FAULT_SLOW_ACCEPT,
  WIRE_FAULT_SILENT,
  WIRE_FAULT_REFUSE,
  WIRE_FAULT_CLOSE,
  WIRE_FAULT_GREET,
  WIRE_FAULT_COUNT
};

struct wire_fault_count {
  uint64_t count;   /* answers that it befell, or connections */
  uint64_t held_ns; /* of delay and stall: how long they really were held, in all */
};

struct wire_fault_report {
  uint64_t seed;
  uint64_t no_room;
  struct wire_fault_count counts[WIRE_FAULT_COUNT];
  char spec[WIRE_FAULT_SPEC_SIZE];
};

/* The word that the user types for it. */
const char *wire_fault_name(enum wire_fault fault);

/* Is how often it befalls hidden, "drop=?" in the spec? Then no report tells its count, and who measures has to find
 * it. */
bool wire_fault_is_hidden(const char *spec, enum wire_fault fault);

/* The share of the messages that a hidden fault befalls with that seed: from 0.02 to 0.3, in thousandths. Here, so that
 * who chose the seed can tell. */
double wire_fault_hidden_share(uint64_t seed);

/* What `length` bytes say of the whole: its size once that is known, 0 until then, SIZE_MAX where it is no report. */
size_t wire_fault_report_bytes(const uint8_t *bytes, size_t length);

/* Writes a report, without the counts of what is hidden, at most WIRE_FAULT_REPORT_BYTES_MAX bytes; returns their
 * number. */
size_t wire_put_fault_report(const struct wire_fault_report *report, uint8_t *out);

/* Reads a whole one, and no counts of what is hidden. False where it is none. */
bool wire_get_fault_report(const uint8_t *bytes, size_t length, struct wire_fault_report *report);

#endif
