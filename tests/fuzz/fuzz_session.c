/*
 * A stream as the server cuts it into sessions and frames. The first byte of the input says how the stream is split
 * into reads, the rest is the stream.
 */
#include <string.h>

#include "server/echo/session.h"
#include "tests/fuzz/fuzz.h"

#define FRAME "LPF1\x01\0\xff\xff\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define TIMED "LPF1\x01\x02\xff\xff\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

FUZZ_SEEDS(FUZZ_SEED("\xff\x8bLOPING1\x01\0\0\0\x28\0\0\0" FRAME FRAME),
           FUZZ_SEED("\x11\x8bLOPING1\x01\0\0\0\x2a\0\0\0" FRAME "ab" FRAME "cd"),
           FUZZ_SEED("\x20\x8bLOPING1\x02\0\0\0\0\0\0\0some bytes to sink"),
           FUZZ_SEED("\xff\x8bLOPING1\x01\0\0\0\x40\0\0\0" TIMED "kernel times, 24 bytes.." TIMED),
           FUZZ_SEED("\x05plain text for an echo"));

/* One read of a stamped stream, with what was kept before it in front; false when the peer must be cut off. */
static bool take_read(struct session *session, const uint8_t *bytes, size_t length) {
  uint8_t *joined = malloc(WIRE_FRAME_BYTES_MAX + length);
  size_t whole = 0;
  FUZZ_CHECK(joined != NULL);
  size_t kept = session_copy_partial(session, joined);
  FUZZ_CHECK(kept < WIRE_FRAME_BYTES_MAX);
  if (length > 0) memcpy(joined + kept, bytes, length);
  bool is_fine = session_find_frames(session, joined, kept + length, &whole);
  if (is_fine) {
    FUZZ_CHECK(whole <= kept + length && whole % session->frame_bytes == 0);
    FUZZ_CHECK(kept + length - whole < session->frame_bytes);
    struct wire_kernel_times times = {.previous_send_ns = 3};
    if (session_asks_kernel_times(session, joined, whole)) session_put_kernel_times(session, joined, whole, &times);
    session_stamp_frames(session, joined, whole, 3, 1000, 2000);
    for (size_t at = 0; at < whole; at += session->frame_bytes) {
      struct wire_frame frame;
      FUZZ_CHECK(wire_get_frame(joined + at, session->frame_bytes, &frame));
      FUZZ_CHECK((frame.flags & WIRE_FRAME_FLAG_REPLY) != 0 && frame.server_cpu == 3);
      FUZZ_CHECK(frame.server_receive_ns == 1000 && frame.server_send_ns == 2000);
    }
    FUZZ_CHECK(session_keep_partial(session, joined + whole, kept + length - whole));
  }
  free(joined);
  return is_fine;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  if (length < 2) return 0;
  size_t step = input[0] == 0 ? 1 : input[0];
  struct session session = {.mode = SESSION_NEW};
  const uint8_t *stream = input + 1;
  length--;
  size_t first = length < step ? length : step;
  size_t at = session_begin(&session, stream, first, false);
  FUZZ_CHECK(at == 0 || at == WIRE_HELLO_BYTES);
  FUZZ_CHECK((at == 0) == (session.mode == SESSION_PLAIN));
  if (session.mode != SESSION_PLAIN) {
    uint8_t out[WIRE_HELLO_BYTES > WIRE_SINK_REPORT_BYTES ? WIRE_HELLO_BYTES : WIRE_SINK_REPORT_BYTES];
    struct wire_welcome welcome;
    session_put_welcome(&session, 4711, out);
    FUZZ_CHECK(wire_get_welcome(out, WIRE_HELLO_BYTES, &welcome) && welcome.pid == 4711);
    session_put_sink_report(&session, 5000, out);
  }
  if (session.mode == SESSION_STAMPED) {
    FUZZ_CHECK(session.frame_bytes >= WIRE_FRAME_BYTES_MIN && session.frame_bytes <= WIRE_FRAME_BYTES_MAX);
    bool is_fine = take_read(&session, stream + at, first - at);
    for (at = first; is_fine && at < length; at += step)
      is_fine = take_read(&session, stream + at, length - at < step ? length - at : step);
  }
  session_end(&session);
  return 0;
}
