/*
 * The wire format of a session between loping and lopong. All integers are little-endian.
 *
 *   hello and welcome, 16 bytes        frame header, 40 bytes
 *   offset  size                       offset  size
 *        0     8  magic                     0     4  magic "LPF1"
 *        8     1  mode                      4     1  version
 *        9     1  flags                     5     1  flags (below)
 *       10     2  reserved                  6     2  server_cpu
 *       12     4  frame_bytes (hello)       8     8  sequence
 *                 pid (welcome)            16     8  client_send_ns
 *                                          24     8  server_receive_ns
 *   sink report, 16 bytes                  32     8  server_send_ns
 *        0     8  bytes                    40        payload, up to frame_bytes in all
 *        8     8  elapsed_ns
 *
 *   kernel times: the payload's first 24 bytes, the server's on request
 *   offset  size
 *       40     8  kernel_receive_realtime_ns     the server's kernel received the request (CLOCK_REALTIME)
 *       48     8  server_awake_ns                the server's loop turned to it (CLOCK_MONOTONIC, as all times)
 *       56     4  asking_ns                      of the time after that, what asking the kernel took
 *       60     4  previous_send_ns               what the server's send call for the frame before this one took
 *
 *   A request asks for them by the flag 2; the reply has them if it also carries the flag 4. A server that does not
 * know them returns the payload untouched, without that flag. A time of 0 is not known.
 *
 * A hello for a sink may carry the flag 1: what follows need not be read to be discarded. The welcome carries it where
 * the server then does not.
 *
 * A server that makes failures on purpose says so by the flag 2 of each welcome, and only such a one answers the hello
 * of the mode 4: with its welcome and its report on them (fault_report.h), or with the welcome alone where the hello
 * carries the flag 4. What follows on that connection is plain echo. Any other server returns that hello as what it is
 * to it, some bytes. Such a hello ends with a line's end (frame_bytes), so that a server that waits for lines answers,
 * too, and shows that it is no echo. Over UDP it is a datagram of its own.
 *
 * Pure: bytes in, plain data out. Knows no socket.
 */
#ifndef LOPING_COMMON_WIRE_WIRE_H
#define LOPING_COMMON_WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_HELLO_BYTES        16
#define WIRE_FRAME_HEADER_BYTES 40
#define WIRE_FRAME_BYTES_MIN    WIRE_FRAME_HEADER_BYTES
#define WIRE_FRAME_BYTES_MAX    65536
#define WIRE_SINK_REPORT_BYTES  16
#define WIRE_FRAME_VERSION      1
#define WIRE_FRAME_FLAG_REPLY   1
/* Asks for the server's kernel times; says that they are there. */
#define WIRE_FRAME_FLAG_ASKS_TIMES 2
#define WIRE_FRAME_FLAG_HAS_TIMES  4
/* What the server did to this answer on purpose (lopong --fault). */
#define WIRE_FRAME_FLAG_DELAYED    8
#define WIRE_FRAME_FLAG_STALLED    16
#define WIRE_FRAME_FLAG_CHANGED    32 /* corrupted or truncated */
#define WIRE_FRAME_FLAG_DUPLICATED 64 /* the extra copy */
#define WIRE_FRAME_FLAG_REORDERED  128
#define WIRE_FRAME_FLAGS_FAULTS    (8 | 16 | 32 | 64 | 128)
/* Of a frame with room for kernel times. */
#define WIRE_TIMED_FRAME_BYTES_MIN 64
/* server_cpu where the system does not say on which CPU a thread runs. */
#define WIRE_CPU_UNKNOWN UINT16_MAX

/* Of hello and welcome: the sink discards without reading. */
#define WIRE_HELLO_FLAG_UNREAD 1
/* Of a welcome: the server makes failures on purpose. */
#define WIRE_HELLO_FLAG_FAULTS 2
/* Of a hello of WIRE_MODE_FAULTS: the welcome is enough. */
#define WIRE_HELLO_FLAG_BRIEF 4
/* frame_bytes of such a hello: "\r\n\r\n". */
#define WIRE_HELLO_LINE_END UINT32_C(0x0a0d0a0d)

enum wire_mode {
  WIRE_MODE_STAMPED = 1,
  WIRE_MODE_SINK = 2,
  WIRE_MODE_SOURCE = 3,
  WIRE_MODE_FAULTS = 4,
};

struct wire_hello {
  enum wire_mode mode;
  uint8_t flags;
  uint32_t frame_bytes; /* of a stamped session; WIRE_HELLO_LINE_END of faults; 0 in the others */
};

struct wire_welcome {
  enum wire_mode mode;
  uint8_t flags;
  uint32_t pid; /* of the server */
};

struct wire_frame {
  uint8_t flags;
  uint16_t server_cpu;
  uint64_t sequence;
  uint64_t client_send_ns;
  uint64_t server_receive_ns;
  uint64_t server_send_ns;
};

struct wire_kernel_times {
  uint64_t kernel_receive_realtime_ns;
  uint64_t server_awake_ns;
  uint32_t asking_ns;
  uint32_t previous_send_ns;
};

struct wire_sink_report {
  uint64_t bytes;      /* that the server read after the hello */
  uint64_t elapsed_ns; /* from the server's welcome to its reading of the end, by its monotonic clock */
};

/* Writes WIRE_HELLO_BYTES bytes. */
void wire_put_hello(const struct wire_hello *hello, uint8_t *out);
void wire_put_welcome(const struct wire_welcome *welcome, uint8_t *out);

/* True when `bytes` begins with a hello whose mode is known and whose frame_bytes fit that mode. */
bool wire_get_hello(const uint8_t *bytes, size_t length, struct wire_hello *hello);
bool wire_get_welcome(const uint8_t *bytes, size_t length, struct wire_welcome *welcome);

/* Writes WIRE_FRAME_HEADER_BYTES bytes, magic and version included. */
void wire_put_frame(const struct wire_frame *frame, uint8_t *out);

/* Writes the client's send time into a frame that wire_put_frame() began: for who reads the clock last. */
void wire_put_send_time(uint64_t client_send_ns, uint8_t *frame);

/* True when `bytes` begins with a frame header of our version. */
bool wire_is_frame(const uint8_t *bytes, size_t length);
bool wire_get_frame(const uint8_t *bytes, size_t length, struct wire_frame *frame);

/* The server's part: fills its three fields and sets the reply flag in a frame that wire_is_frame() accepted.
 * The other bytes stay untouched. */
void wire_stamp_frame(uint8_t *frame, uint16_t server_cpu, uint64_t receive_ns, uint64_t send_ns);

/* Is `got` the header of `sent` as a server stamps it: with the reply flag, any of `server_flags`, and nothing changed
 * but the server's own fields? Both are WIRE_FRAME_HEADER_BYTES long and begin with a frame. */
bool wire_matches_reply(const uint8_t *sent, const uint8_t *got, uint8_t server_flags);

/* The first offset at which a reply's header is neither as it was sent nor a server's own field in a stamped one, which
 * may carry any of `server_flags`; WIRE_FRAME_HEADER_BYTES where there is none. */
size_t wire_header_mismatch(const uint8_t *sent, const uint8_t *got, uint8_t server_flags);

/* Adds flags to a frame. */
void wire_add_frame_flags(uint8_t *frame, uint8_t flags);

/* Does this frame ask for kernel times and have room for them? `frame` is whole: `length` bytes that wire_is_frame()
 * accepted. */
bool wire_asks_kernel_times(const uint8_t *frame, size_t length);

/* Fills the times in such a frame and says by its flag that they are there. */
void wire_put_kernel_times(const struct wire_kernel_times *times, uint8_t *frame);

/* True when the frame has kernel times. */
bool wire_get_kernel_times(const uint8_t *frame, size_t length, struct wire_kernel_times *times);

void wire_put_sink_report(const struct wire_sink_report *report, uint8_t *out);
bool wire_get_sink_report(const uint8_t *bytes, size_t length, struct wire_sink_report *report);

#endif
