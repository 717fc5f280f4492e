/* Writing the greeting and judging its answer. Pure. */
#include "client/peer/greeting.h"

#include <string.h>

void greeting_write(enum greeting greeting, uint32_t frame_bytes, bool is_unread, uint8_t out[GREETING_BYTES]) {
  static const enum wire_mode modes[] = {[GREETING_HELLO] = WIRE_MODE_STAMPED,
                                         [GREETING_SINK] = WIRE_MODE_SINK,
                                         [GREETING_SOURCE] = WIRE_MODE_SOURCE,
                                         [GREETING_PROBE] = WIRE_MODE_FAULTS};
  if (greeting <= GREETING_PROBE) {
    struct wire_hello hello = {.mode = modes[greeting]};
    if (greeting == GREETING_HELLO) hello.frame_bytes = frame_bytes;
    if (greeting == GREETING_SINK && is_unread) hello.flags = WIRE_HELLO_FLAG_UNREAD;
    if (greeting == GREETING_PROBE) {
      hello.frame_bytes = WIRE_HELLO_LINE_END;
      hello.flags = WIRE_HELLO_FLAG_BRIEF;
    }
    wire_put_hello(&hello, out);
  }
}

bool greeting_needs_lopong(enum greeting greeting) {
  return greeting == GREETING_SINK || greeting == GREETING_SOURCE;
}

enum greeting_answer greeting_judge(const uint8_t sent[GREETING_BYTES], const uint8_t *answer, size_t length,
                                    struct wire_welcome *welcome) {
  struct wire_welcome expected = {.mode = WIRE_MODE_STAMPED};
  struct wire_hello hello;
  uint8_t beginning[GREETING_BYTES];
  enum { SURE_BYTES = 9 };
  bool is_echo = memcmp(sent, answer, length) == 0;
  bool is_hello = wire_get_hello(sent, GREETING_BYTES, &hello);
  /* Magic and mode, the beginning of every welcome to this hello. */
  if (is_hello) expected.mode = hello.mode;
  wire_put_welcome(&expected, beginning);
  bool is_welcome = is_hello && memcmp(beginning, answer, length < SURE_BYTES ? length : SURE_BYTES) == 0;
  if (!is_echo && !is_welcome) return GREETING_ANSWER_OTHER;
  if (length < GREETING_BYTES) return GREETING_ANSWER_PARTIAL;
  if (is_echo) return GREETING_ANSWER_ECHO;
  return wire_get_welcome(answer, length, welcome) ? GREETING_ANSWER_LOPONG : GREETING_ANSWER_OTHER;
}
