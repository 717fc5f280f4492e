/* The first bytes of a session and the header of a frame, from any peer. */
#include <string.h>

#include "common/wire/fault_report.h"
#include "common/wire/wire.h"
#include "tests/fuzz/fuzz.h"

#define SENT "LPF1\x01\0\xff\xff\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define GOT  "LPF1\x01\x01\x02\0\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0"

FUZZ_SEEDS(FUZZ_SEED("\x8bLOPING1\x01\0\0\0\x40\0\0\0"), FUZZ_SEED("\x8bLOPING1\x02\0\0\0\0\0\0\0"),
           FUZZ_SEED("\x8bLOPONG1\x03\0\0\0\x78\x56\x34\x12"),
           FUZZ_SEED("LPF1\x01\0\xff\xff\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0payload"),
           FUZZ_SEED("LPF1\x01\x07\xff\xff\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                     "kernel times, 24 bytes.."),
           FUZZ_SEED("\x8bLOPING1\x04\0\0\0\r\n\r\n"),
           FUZZ_SEED("\x8bLOPFLT1\x01\x01\x07\0\x3f\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x29"
                     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0drop=1%"),
           FUZZ_SEED("\x8bLOPFLT1\x01\x01\x06\0\x3e\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x29"
                     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0drop=?"),
           FUZZ_SEED(SENT GOT));

/* What was read and is written again is what came in, but for the reserved bytes 10 and 11. */
static void check_greeting(const uint8_t *input, const uint8_t *written) {
  FUZZ_CHECK(memcmp(input, written, 10) == 0);
  FUZZ_CHECK(memcmp(input + 12, written + 12, 4) == 0);
}

static void check_fault_report(const uint8_t *input, size_t length) {
  uint8_t written[WIRE_FAULT_REPORT_BYTES_MAX];
  struct wire_fault_report report, again;
  size_t whole = wire_fault_report_bytes(input, length);
  FUZZ_CHECK(whole == SIZE_MAX || whole <= WIRE_FAULT_REPORT_BYTES_MAX);
  if (!wire_get_fault_report(input, length, &report)) return;
  FUZZ_CHECK(whole <= length && memchr(report.spec, '\0', sizeof report.spec) != NULL);
  FUZZ_CHECK(wire_get_fault_report(written, wire_put_fault_report(&report, written), &again));
  FUZZ_CHECK(memcmp(report.counts, again.counts, sizeof report.counts) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  uint8_t written[WIRE_FRAME_HEADER_BYTES];
  struct wire_hello hello;
  struct wire_welcome welcome;
  struct wire_frame frame;
  struct wire_sink_report report;
  check_fault_report(input, length);
  if (wire_get_hello(input, length, &hello)) {
    wire_put_hello(&hello, written);
    check_greeting(input, written);
  }
  if (wire_get_welcome(input, length, &welcome)) {
    wire_put_welcome(&welcome, written);
    check_greeting(input, written);
  }
  if (wire_get_frame(input, length, &frame)) {
    wire_put_frame(&frame, written);
    FUZZ_CHECK(memcmp(input, written, sizeof(written)) == 0);
    wire_stamp_frame(written, 7, 8, 9);
    FUZZ_CHECK(wire_get_frame(written, sizeof(written), &frame));
    FUZZ_CHECK((frame.flags & WIRE_FRAME_FLAG_REPLY) != 0 && frame.server_cpu == 7);
    FUZZ_CHECK(memcmp(input + 8, written + 8, 16) == 0);
  }
  /* A reply beside what was sent: the half behind the first header. */
  if (length >= 2 * WIRE_FRAME_HEADER_BYTES) {
    const uint8_t *got = input + WIRE_FRAME_HEADER_BYTES;
    size_t mismatch = wire_header_mismatch(input, got, 0);
    FUZZ_CHECK(mismatch == WIRE_FRAME_HEADER_BYTES || input[mismatch] != got[mismatch]);
    (void)wire_matches_reply(input, got, 0);
    memcpy(written, input, sizeof written);
    wire_put_send_time(7, written);
    wire_stamp_frame(written, 1, 2, 3);
  }
  (void)wire_asks_kernel_times(input, length);
  struct wire_kernel_times times;
  if (wire_get_kernel_times(input, length, &times)) {
    uint8_t timed[WIRE_TIMED_FRAME_BYTES_MIN];
    memcpy(timed, input, sizeof(timed));
    wire_put_kernel_times(&times, timed);
    FUZZ_CHECK(memcmp(input, timed, sizeof(timed)) == 0);
  }
  if (wire_get_sink_report(input, length, &report)) {
    wire_put_sink_report(&report, written);
    FUZZ_CHECK(memcmp(input, written, WIRE_SINK_REPORT_BYTES) == 0);
  }
  return 0;
}
