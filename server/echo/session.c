/*
 * The session of one stream connection: recognising the hello, cutting the stream into frames, stamping them.
 *
 * The only place of the server that knows the wire format of a stream. Must not know sockets, clocks or libuv.
 */
#include "server/echo/session.h"

#include <stdlib.h>
#include <string.h>

static const enum session_mode mode_of_wire[] = {
    [WIRE_MODE_STAMPED] = SESSION_STAMPED,
    [WIRE_MODE_SINK] = SESSION_SINK,
    [WIRE_MODE_SOURCE] = SESSION_SOURCE,
};

static const enum wire_mode wire_of_mode[] = {
    [SESSION_STAMPED] = WIRE_MODE_STAMPED,
    [SESSION_SINK] = WIRE_MODE_SINK,
    [SESSION_SOURCE] = WIRE_MODE_SOURCE,
};

size_t session_begin(struct session *session, const uint8_t *bytes, size_t length, bool can_discard_unread) {
  struct wire_hello hello;
  /* Who makes no failures on purpose has no answer to the question for them. */
  if (!wire_get_hello(bytes, length, &hello) || hello.mode == WIRE_MODE_FAULTS) {
    session->mode = SESSION_PLAIN;
    return 0;
  }
  session->mode = mode_of_wire[hello.mode];
  session->frame_bytes = hello.frame_bytes;
  bool is_asked = (hello.flags & WIRE_HELLO_FLAG_UNREAD) != 0;
  session->is_unread = session->mode == SESSION_SINK && is_asked && can_discard_unread;
  return WIRE_HELLO_BYTES;
}

void session_put_welcome(const struct session *session, uint32_t pid, uint8_t *out) {
  struct wire_welcome welcome = {.mode = wire_of_mode[session->mode], .pid = pid};
  if (session->is_unread) welcome.flags = WIRE_HELLO_FLAG_UNREAD;
  if (session->has_faults) welcome.flags |= WIRE_HELLO_FLAG_FAULTS;
  wire_put_welcome(&welcome, out);
}

bool session_find_frames(const struct session *session, const uint8_t *bytes, size_t length, size_t *whole_bytes) {
  size_t at = 0;
  while (length - at >= WIRE_FRAME_HEADER_BYTES) {
    if (!wire_is_frame(bytes + at, length - at)) return false;
    if (length - at < session->frame_bytes) break;
    at += session->frame_bytes;
  }
  *whole_bytes = at;
  return true;
}

void session_stamp_frames(const struct session *session, uint8_t *bytes, size_t whole_bytes, uint16_t server_cpu,
                          uint64_t receive_ns, uint64_t send_ns) {
  for (size_t at = 0; at < whole_bytes; at += session->frame_bytes)
    wire_stamp_frame(bytes + at, server_cpu, receive_ns, send_ns);
}

bool session_asks_kernel_times(const struct session *session, const uint8_t *bytes, size_t whole_bytes) {
  for (size_t at = 0; at < whole_bytes; at += session->frame_bytes)
    if (wire_asks_kernel_times(bytes + at, session->frame_bytes)) return true;
  return false;
}

void session_put_kernel_times(const struct session *session, uint8_t *bytes, size_t whole_bytes,
                              const struct wire_kernel_times *times) {
  for (size_t at = 0; at < whole_bytes; at += session->frame_bytes)
    if (wire_asks_kernel_times(bytes + at, session->frame_bytes)) wire_put_kernel_times(times, bytes + at);
}

bool session_keep_partial(struct session *session, const uint8_t *bytes, size_t length) {
  session->partial_bytes = (uint32_t)length;
  if (length == 0) {
    free(session->partial);
    session->partial = NULL;
    return true;
  }
  if (session->partial == NULL) session->partial = malloc(session->frame_bytes);
  if (session->partial == NULL) return false;
  memcpy(session->partial, bytes, length);
  return true;
}

size_t session_copy_partial(const struct session *session, uint8_t *out) {
  if (session->partial == NULL) return 0;
  memcpy(out, session->partial, session->partial_bytes);
  return session->partial_bytes;
}

void session_put_sink_report(const struct session *session, uint64_t now_ns, uint8_t *out) {
  struct wire_sink_report report = {.bytes = session->moved_bytes, .elapsed_ns = now_ns - session->welcomed_ns};
  wire_put_sink_report(&report, out);
}

void session_end(struct session *session) {
  free(session->partial);
  session->partial = NULL;
  session->partial_bytes = 0;
}
