/* Encoding and decoding of the session's wire format; the layout is drawn in wire.h. */
#include "common/wire.h"

#include <string.h>

static const uint8_t hello_magic[8] = {0x8b, 'L', 'O', 'P', 'I', 'N', 'G', '1'};
static const uint8_t welcome_magic[8] = {0x8b, 'L', 'O', 'P', 'O', 'N', 'G', '1'};
static const uint8_t frame_magic[4] = {'L', 'P', 'F', '1'};

static void put_le(uint8_t *out, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; i++)
    out[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get_le(const uint8_t *in, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; i++)
    value |= (uint64_t)in[i] << (8 * i);
  return value;
}

/* Hello and welcome differ only in their magic and in what the last field means. */
static void put_greeting(const uint8_t magic[8], enum wire_mode mode, uint8_t flags, uint32_t last, uint8_t *out) {
  memcpy(out, magic, 8);
  out[8] = (uint8_t)mode;
  out[9] = flags;
  put_le(out + 10, 0, 2);
  put_le(out + 12, last, 4);
}

static bool get_greeting(const uint8_t magic[8], const uint8_t *bytes, size_t length, enum wire_mode *mode,
                         uint8_t *flags, uint32_t *last) {
  if (length < WIRE_HELLO_BYTES || memcmp(bytes, magic, 8) != 0) return false;
  if (bytes[8] < WIRE_MODE_STAMPED || bytes[8] > WIRE_MODE_SOURCE) return false;
  *mode = (enum wire_mode)bytes[8];
  *flags = bytes[9];
  *last = (uint32_t)get_le(bytes + 12, 4);
  return true;
}

void wire_put_hello(const struct wire_hello *hello, uint8_t *out) {
  put_greeting(hello_magic, hello->mode, hello->flags, hello->frame_bytes, out);
}

void wire_put_welcome(const struct wire_welcome *welcome, uint8_t *out) {
  put_greeting(welcome_magic, welcome->mode, welcome->flags, welcome->pid, out);
}

bool wire_get_hello(const uint8_t *bytes, size_t length, struct wire_hello *hello) {
  if (!get_greeting(hello_magic, bytes, length, &hello->mode, &hello->flags, &hello->frame_bytes)) return false;
  if (hello->mode != WIRE_MODE_STAMPED) return true;
  return hello->frame_bytes >= WIRE_FRAME_BYTES_MIN && hello->frame_bytes <= WIRE_FRAME_BYTES_MAX;
}

bool wire_get_welcome(const uint8_t *bytes, size_t length, struct wire_welcome *welcome) {
  return get_greeting(welcome_magic, bytes, length, &welcome->mode, &welcome->flags, &welcome->pid);
}

void wire_put_frame(const struct wire_frame *frame, uint8_t *out) {
  memcpy(out, frame_magic, 4);
  out[4] = WIRE_FRAME_VERSION;
  out[5] = frame->flags;
  put_le(out + 6, frame->server_cpu, 2);
  put_le(out + 8, frame->sequence, 8);
  put_le(out + 16, frame->client_send_ns, 8);
  put_le(out + 24, frame->server_receive_ns, 8);
  put_le(out + 32, frame->server_send_ns, 8);
}

bool wire_get_frame(const uint8_t *bytes, size_t length, struct wire_frame *frame) {
  if (length < WIRE_FRAME_HEADER_BYTES || memcmp(bytes, frame_magic, 4) != 0) return false;
  if (bytes[4] != WIRE_FRAME_VERSION) return false;
  frame->flags = bytes[5];
  frame->server_cpu = (uint16_t)get_le(bytes + 6, 2);
  frame->sequence = get_le(bytes + 8, 8);
  frame->client_send_ns = get_le(bytes + 16, 8);
  frame->server_receive_ns = get_le(bytes + 24, 8);
  frame->server_send_ns = get_le(bytes + 32, 8);
  return true;
}

void wire_stamp_frame(uint8_t *frame, uint16_t server_cpu, uint64_t receive_ns, uint64_t send_ns) {
  frame[5] |= WIRE_FRAME_FLAG_REPLY;
  put_le(frame + 6, server_cpu, 2);
  put_le(frame + 24, receive_ns, 8);
  put_le(frame + 32, send_ns, 8);
}

bool wire_asks_kernel_times(const uint8_t *frame, size_t length) {
  return length >= WIRE_TIMED_FRAME_BYTES_MIN && (frame[5] & WIRE_FRAME_FLAG_ASKS_TIMES) != 0;
}

void wire_put_kernel_times(const struct wire_kernel_times *times, uint8_t *frame) {
  frame[5] |= WIRE_FRAME_FLAG_HAS_TIMES;
  put_le(frame + 40, times->kernel_receive_realtime_ns, 8);
  put_le(frame + 48, times->server_awake_ns, 8);
  put_le(frame + 56, times->asking_ns, 4);
  put_le(frame + 60, times->previous_send_ns, 4);
}

bool wire_get_kernel_times(const uint8_t *frame, size_t length, struct wire_kernel_times *times) {
  if (length < WIRE_TIMED_FRAME_BYTES_MIN || (frame[5] & WIRE_FRAME_FLAG_HAS_TIMES) == 0) return false;
  times->kernel_receive_realtime_ns = get_le(frame + 40, 8);
  times->server_awake_ns = get_le(frame + 48, 8);
  times->asking_ns = (uint32_t)get_le(frame + 56, 4);
  times->previous_send_ns = (uint32_t)get_le(frame + 60, 4);
  return true;
}

void wire_put_sink_report(const struct wire_sink_report *report, uint8_t *out) {
  put_le(out, report->bytes, 8);
  put_le(out + 8, report->elapsed_ns, 8);
}

bool wire_get_sink_report(const uint8_t *bytes, size_t length, struct wire_sink_report *report) {
  if (length < WIRE_SINK_REPORT_BYTES) return false;
  report->bytes = get_le(bytes, 8);
  report->elapsed_ns = get_le(bytes + 8, 8);
  return true;
}
