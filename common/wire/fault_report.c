/* Encoding and decoding of the report on faults; the layout is drawn in fault_report.h. */
#include "common/wire/fault_report.h"

#include <string.h>

#include "common/wire/little_endian.h"

#define MAGIC_BYTES 8

static const uint8_t magic[MAGIC_BYTES] = {0x8b, 'L', 'O', 'P', 'F', 'L', 'T', '1'};

static const char *const names[WIRE_FAULT_COUNT] = {
    [WIRE_FAULT_DELAY] = "delay",
    [WIRE_FAULT_STALL] = "stall",
    [WIRE_FAULT_DROP] = "drop",
    [WIRE_FAULT_DUPLICATE] = "duplicate",
    [WIRE_FAULT_REORDER] = "reorder",
    [WIRE_FAULT_CORRUPT] = "corrupt",
    [WIRE_FAULT_TRUNCATE] = "truncate",
    [WIRE_FAULT_RESET] = "reset",
    [WIRE_FAULT_STOP_READING] = "stop-reading",
    [WIRE_FAULT_SLOW_ACCEPT] = "slow-accept",
    [WIRE_FAULT_SILENT] = "silent",
    [WIRE_FAULT_REFUSE] = "refuse",
    [WIRE_FAULT_CLOSE] = "close",
    [WIRE_FAULT_GREET] = "greet",
};

const char *wire_fault_name(enum wire_fault fault) {
  return names[fault];
}

bool wire_fault_is_hidden(const char *spec, enum wire_fault fault) {
  return fault == WIRE_FAULT_DROP && strstr(spec, "drop=?") != NULL;
}

double wire_fault_hidden_share(uint64_t seed) {
  enum { LEAST = 20, MOST = 300 };
  /* splitmix64's finisher (Steele, Lea, Flood 2014): seeds that follow each other have shares that do not. */
  uint64_t mixed = seed + UINT64_C(0x9e3779b97f4a7c15);
  mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
  return (double)(LEAST + (mixed >> 16) % (MOST - LEAST + 1)) / 1000;
}

size_t wire_fault_report_bytes(const uint8_t *bytes, size_t length) {
  if (memcmp(bytes, magic, length < MAGIC_BYTES ? length : MAGIC_BYTES) != 0) return SIZE_MAX;
  if (length < WIRE_FAULT_HEAD_BYTES) return 0;
  size_t all = WIRE_FAULT_HEAD_BYTES + (size_t)bytes[9] * WIRE_FAULT_ROW_BYTES + get_le16(bytes + 10);
  bool is_sound =
      bytes[8] == WIRE_FAULT_REPORT_VERSION && get_le32(bytes + 12) == all && all <= WIRE_FAULT_REPORT_BYTES_MAX;
  return is_sound ? all : SIZE_MAX;
}

_Static_assert(WIRE_FAULT_HEAD_BYTES + WIRE_FAULT_COUNT * WIRE_FAULT_ROW_BYTES + WIRE_FAULT_SPEC_SIZE <=
                   WIRE_FAULT_REPORT_BYTES_MAX,
               "a report is written whole");

size_t wire_put_fault_report(const struct wire_fault_report *report, uint8_t *out) {
  size_t spec_bytes = strlen(report->spec);
  size_t all = WIRE_FAULT_HEAD_BYTES + WIRE_FAULT_COUNT * WIRE_FAULT_ROW_BYTES + spec_bytes;
  memset(out, 0, all);
  memcpy(out, magic, sizeof magic);
  out[8] = WIRE_FAULT_REPORT_VERSION;
  out[9] = WIRE_FAULT_COUNT;
  put_le16(out + 10, (uint16_t)spec_bytes);
  put_le32(out + 12, (uint32_t)all);
  put_le64(out + 16, report->seed);
  put_le64(out + 24, report->no_room);
  uint8_t *row = out + WIRE_FAULT_HEAD_BYTES;
  for (size_t i = 0; i < WIRE_FAULT_COUNT; i++, row += WIRE_FAULT_ROW_BYTES) {
    row[0] = (uint8_t)i;
    if (wire_fault_is_hidden(report->spec, (enum wire_fault)i)) continue;
    put_le64(row + 8, report->counts[i].count);
    put_le64(row + 16, report->counts[i].held_ns);
  }
  memcpy(row, report->spec, spec_bytes);
  return all;
}

bool wire_get_fault_report(const uint8_t *bytes, size_t length, struct wire_fault_report *report) {
  size_t all = wire_fault_report_bytes(bytes, length);
  memset(report, 0, sizeof *report);
  if (all == 0 || all == SIZE_MAX || length < all) return false;
  report->seed = get_le64(bytes + 16);
  report->no_room = get_le64(bytes + 24);
  const uint8_t *row = bytes + WIRE_FAULT_HEAD_BYTES;
  for (size_t i = 0; i < bytes[9]; i++, row += WIRE_FAULT_ROW_BYTES) {
    if (row[0] >= WIRE_FAULT_COUNT) continue;
    report->counts[row[0]].count = get_le64(row + 8);
    report->counts[row[0]].held_ns = get_le64(row + 16);
  }
  size_t spec_bytes = get_le16(bytes + 10);
  if (spec_bytes >= sizeof report->spec) spec_bytes = sizeof report->spec - 1;
  memcpy(report->spec, row, spec_bytes);
  for (size_t i = 0; i < WIRE_FAULT_COUNT; i++)
    if (wire_fault_is_hidden(report->spec, (enum wire_fault)i)) report->counts[i] = (struct wire_fault_count){0};
  return true;
}
