/* Writing the greeting and judging its answer. Pure. */
#include "client/greeting.h"

#include <string.h>

static const uint8_t probe[GREETING_BYTES] = {'l', 'o', 'p', 'i', 'n',  'g',  ' ',  'p',
                                              'r', 'o', 'b', 'e', '\r', '\n', '\r', '\n'};

void greeting_write(enum greeting greeting, uint32_t frame_bytes, uint8_t out[GREETING_BYTES]) {
  struct wire_hello hello = {.mode = WIRE_MODE_STAMPED, .frame_bytes = frame_bytes};
  if (greeting == GREETING_HELLO) wire_put_hello(&hello, out);
  if (greeting == GREETING_PROBE) memcpy(out, probe, sizeof probe);
}

enum greeting_answer greeting_judge(const uint8_t sent[GREETING_BYTES], const uint8_t *answer, size_t length,
                                    struct wire_welcome *welcome) {
  /* The beginning of every welcome to a stamped session: its magic and mode. */
  struct wire_welcome expected = {.mode = WIRE_MODE_STAMPED};
  struct wire_hello hello;
  uint8_t beginning[GREETING_BYTES];
  enum { SURE_BYTES = 9 };
  wire_put_welcome(&expected, beginning);
  bool is_echo = memcmp(sent, answer, length) == 0;
  bool is_hello = wire_get_hello(sent, GREETING_BYTES, &hello);
  bool is_welcome = is_hello && memcmp(beginning, answer, length < SURE_BYTES ? length : SURE_BYTES) == 0;
  if (!is_echo && !is_welcome) return GREETING_ANSWER_OTHER;
  if (length < GREETING_BYTES) return GREETING_ANSWER_PARTIAL;
  if (is_echo) return GREETING_ANSWER_ECHO;
  return wire_get_welcome(answer, length, welcome) ? GREETING_ANSWER_LOPONG : GREETING_ANSWER_OTHER;
}
