/* Encoding and decoding of the session's wire format; the layout is drawn in wire.h. */
#include "common/wire/wire.h"

#include <string.h>

#include "common/wire/little_endian.h"

static const uint8_t hello_magic[8] = {0x8b, 'L', 'O', 'P', 'I', 'N', 'G', '1'};
static const uint8_t welcome_magic[8] = {0x8b, 'L', 'O', 'P', 'O', 'N', 'G', '1'};
static const uint8_t frame_magic[4] = {'L', 'P', 'F', '1'};

/* Hello and welcome differ only in their magic and in what the last field means. */
static void put_greeting(const uint8_t magic[8], enum wire_mode mode, uint8_t flags, uint32_t last, uint8_t *out) {
  memcpy(out, magic, 8);
  out[8] = (uint8_t)mode;
  out[9] = flags;
  put_le16(out + 10, 0);
  put_le32(out + 12, last);
}

static bool get_greeting(const uint8_t magic[8], const uint8_t *bytes, size_t length, enum wire_mode *mode,
                         uint8_t *flags, uint32_t *last) {
  if (length < WIRE_HELLO_BYTES || memcmp(bytes, magic, 8) != 0) return false;
  if (bytes[8] < WIRE_MODE_STAMPED || bytes[8] > WIRE_MODE_FAULTS) return false;
  *mode = (enum wire_mode)bytes[8];
  *flags = bytes[9];
  *last = get_le32(bytes + 12);
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
  if (hello->mode == WIRE_MODE_FAULTS) return hello->frame_bytes == WIRE_HELLO_LINE_END;
  if (hello->mode != WIRE_MODE_STAMPED) return true;
  return hello->frame_bytes >= WIRE_FRAME_BYTES_MIN && hello->frame_bytes <= WIRE_FRAME_BYTES_MAX;
}

bool wire_get_welcome(const uint8_t *bytes, size_t length, struct wire_welcome *welcome) {
  return get_greeting(welcome_magic, bytes, length, &welcome->mode, &welcome->flags, &welcome->pid);
}

/* Where a frame's fields begin; drawn in wire.h. */
enum {
  VERSION_AT = 4,
  FLAGS_AT = 5,
  SERVER_CPU_AT = 6,
  SEQUENCE_AT = 8,
  CLIENT_SEND_AT = 16,
  SERVER_RECEIVE_AT = 24,
  SERVER_SEND_AT = 32,
  KERNEL_RECEIVE_AT = 40,
  SERVER_AWAKE_AT = 48,
  ASKING_AT = 56,
  PREVIOUS_SEND_AT = 60,
};

void wire_put_frame(const struct wire_frame *frame, uint8_t *out) {
  memcpy(out, frame_magic, 4);
  out[VERSION_AT] = WIRE_FRAME_VERSION;
  out[FLAGS_AT] = frame->flags;
  put_le16(out + SERVER_CPU_AT, frame->server_cpu);
  put_le64(out + SEQUENCE_AT, frame->sequence);
  put_le64(out + CLIENT_SEND_AT, frame->client_send_ns);
  put_le64(out + SERVER_RECEIVE_AT, frame->server_receive_ns);
  put_le64(out + SERVER_SEND_AT, frame->server_send_ns);
}

void wire_put_send_time(uint64_t client_send_ns, uint8_t *frame) {
  put_le64(frame + CLIENT_SEND_AT, client_send_ns);
}

bool wire_is_frame(const uint8_t *bytes, size_t length) {
  return length >= WIRE_FRAME_HEADER_BYTES && memcmp(bytes, frame_magic, 4) == 0 &&
         bytes[VERSION_AT] == WIRE_FRAME_VERSION;
}

bool wire_get_frame(const uint8_t *bytes, size_t length, struct wire_frame *frame) {
  if (!wire_is_frame(bytes, length)) return false;
  frame->flags = bytes[FLAGS_AT];
  frame->server_cpu = get_le16(bytes + SERVER_CPU_AT);
  frame->sequence = get_le64(bytes + SEQUENCE_AT);
  frame->client_send_ns = get_le64(bytes + CLIENT_SEND_AT);
  frame->server_receive_ns = get_le64(bytes + SERVER_RECEIVE_AT);
  frame->server_send_ns = get_le64(bytes + SERVER_SEND_AT);
  return true;
}

void wire_stamp_frame(uint8_t *frame, uint16_t server_cpu, uint64_t receive_ns, uint64_t send_ns) {
  frame[FLAGS_AT] |= WIRE_FRAME_FLAG_REPLY;
  put_le16(frame + SERVER_CPU_AT, server_cpu);
  put_le64(frame + SERVER_RECEIVE_AT, receive_ns);
  put_le64(frame + SERVER_SEND_AT, send_ns);
}

bool wire_matches_reply(const uint8_t *sent, const uint8_t *got, uint8_t server_flags) {
  return memcmp(got, sent, FLAGS_AT) == 0 &&
         (got[FLAGS_AT] & ~server_flags) == (sent[FLAGS_AT] | WIRE_FRAME_FLAG_REPLY) &&
         memcmp(got + SEQUENCE_AT, sent + SEQUENCE_AT, SERVER_RECEIVE_AT - SEQUENCE_AT) == 0;
}

static bool is_server_field(size_t offset) {
  return (offset >= FLAGS_AT && offset < SEQUENCE_AT) ||
         (offset >= SERVER_RECEIVE_AT && offset < WIRE_FRAME_HEADER_BYTES);
}

size_t wire_header_mismatch(const uint8_t *sent, const uint8_t *got, uint8_t server_flags) {
  bool is_stamped = wire_is_frame(got, WIRE_FRAME_HEADER_BYTES) &&
                    (got[FLAGS_AT] & ~server_flags) == (sent[FLAGS_AT] | WIRE_FRAME_FLAG_REPLY);
  for (size_t i = 0; i < WIRE_FRAME_HEADER_BYTES; i++)
    if (got[i] != sent[i] && !(is_stamped && is_server_field(i))) return i;
  return WIRE_FRAME_HEADER_BYTES;
}

bool wire_asks_kernel_times(const uint8_t *frame, size_t length) {
  return length >= WIRE_TIMED_FRAME_BYTES_MIN && (frame[FLAGS_AT] & WIRE_FRAME_FLAG_ASKS_TIMES) != 0;
}

void wire_put_kernel_times(const struct wire_kernel_times *times, uint8_t *frame) {
  frame[FLAGS_AT] |= WIRE_FRAME_FLAG_HAS_TIMES;
  put_le64(frame + KERNEL_RECEIVE_AT, times->kernel_receive_realtime_ns);
  put_le64(frame + SERVER_AWAKE_AT, times->server_awake_ns);
  put_le32(frame + ASKING_AT, times->asking_ns);
  put_le32(frame + PREVIOUS_SEND_AT, times->previous_send_ns);
}

bool wire_get_kernel_times(const uint8_t *frame, size_t length, struct wire_kernel_times *times) {
  if (length < WIRE_TIMED_FRAME_BYTES_MIN || (frame[FLAGS_AT] & WIRE_FRAME_FLAG_HAS_TIMES) == 0) return false;
  times->kernel_receive_realtime_ns = get_le64(frame + KERNEL_RECEIVE_AT);
  times->server_awake_ns = get_le64(frame + SERVER_AWAKE_AT);
  times->asking_ns = get_le32(frame + ASKING_AT);
  times->previous_send_ns = get_le32(frame + PREVIOUS_SEND_AT);
  return true;
}

void wire_add_frame_flags(uint8_t *frame, uint8_t flags) {
  frame[FLAGS_AT] |= flags;
}

void wire_put_sink_report(const struct wire_sink_report *report, uint8_t *out) {
  put_le64(out, report->bytes);
  put_le64(out + 8, report->elapsed_ns);
}

bool wire_get_sink_report(const uint8_t *bytes, size_t length, struct wire_sink_report *report) {
  if (length < WIRE_SINK_REPORT_BYTES) return false;
  report->bytes = get_le64(bytes);
  report->elapsed_ns = get_le64(bytes + 8);
  return true;
}
