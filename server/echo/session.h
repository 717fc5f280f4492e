/*
 * What a stream connection agreed on: plain echo, or the mode of a hello. Pure: bytes in, bytes out, no socket.
 *
 *   NEW --first read holds a whole hello--> STAMPED | SINK | SOURCE
 *    |---a whole request, with --http-----> HTTP --/events--> EVENTS
 *    \---any other first read------------> PLAIN, for good
 */
#ifndef LOPING_SERVER_ECHO_SESSION_H
#define LOPING_SERVER_ECHO_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire/wire.h"

enum session_mode {
  SESSION_NEW,
  SESSION_PLAIN,
  SESSION_STAMPED,
  SESSION_SINK,
  SESSION_SOURCE,
  SESSION_HTTP,   /* --http: requests and answers */
  SESSION_EVENTS, /* the last of its answers, without an end */
  SESSION_MODE_COUNT
};

struct session {
  enum session_mode mode;
  uint32_t frame_bytes;   /* stamped: of each frame; HTTP: more than can be kept */
  uint32_t partial_bytes; /* the beginning of a frame or a request whose rest has not come */
  uint8_t *partial;       /* NULL while there is none */
  bool has_faults;        /* the welcome says that this server makes failures on purpose */
  bool is_unread;         /* sink: what comes is discarded without reading */
  uint64_t welcomed_ns;   /* sink: when the welcome was sent */
  uint64_t moved_bytes;   /* sink: read after the hello; source: sent after the welcome */
};

/* Decides by the first read; `can_discard_unread`: this connection could. Returns how many of its bytes were the hello:
 * WIRE_HELLO_BYTES or 0. */
size_t session_begin(struct session *session, const uint8_t *bytes, size_t length, bool can_discard_unread);

/* Writes WIRE_HELLO_BYTES bytes of welcome. */
void session_put_welcome(const struct session *session, uint32_t pid, uint8_t *out);

/* How many of `bytes` are whole frames, in bytes. False where a frame's header is none; that of an incomplete frame is
 * judged as soon as it is whole. */
bool session_find_frames(const struct session *session, const uint8_t *bytes, size_t length, size_t *whole_bytes);

/* Stamps each of the frames in `bytes`; `whole_bytes` comes from session_find_frames(). */
void session_stamp_frames(const struct session *session, uint8_t *bytes, size_t whole_bytes, uint16_t server_cpu,
                          uint64_t receive_ns, uint64_t send_ns);

/* Does one of the frames in `bytes` ask for kernel times? */
bool session_asks_kernel_times(const struct session *session, const uint8_t *bytes, size_t whole_bytes);

/* Fills them in each frame that asks. */
void session_put_kernel_times(const struct session *session, uint8_t *bytes, size_t whole_bytes,
                              const struct wire_kernel_times *times);

/* Keeps what follows the whole frames (less than one frame; may be nothing) until more comes. False if memory ran out.
 */
bool session_keep_partial(struct session *session, const uint8_t *bytes, size_t length);

/* Copies what was kept to `out` (WIRE_FRAME_BYTES_MAX bytes) and returns its length; it stays kept. */
size_t session_copy_partial(const struct session *session, uint8_t *out);

/* Writes WIRE_SINK_REPORT_BYTES bytes. */
void session_put_sink_report(const struct session *session, uint64_t now_ns, uint8_t *out);

/* Frees what is kept. */
void session_end(struct session *session);

#endif
