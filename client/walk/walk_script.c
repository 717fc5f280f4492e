/* The frame is one that loping's measuring sends as well, with an end that can be read. */
#include "client/walk/walk_script.h"

#include <string.h>

static const char text[] = "loping ladder: these bytes come back as they were sent, all 64.\n";

static bool is_same(const uint8_t *sent, const uint8_t *got, size_t length) {
  struct wire_hello hello;
  struct wire_welcome welcome;
  if (length == WIRE_HELLO_BYTES && wire_get_hello(sent, length, &hello))
    return wire_get_welcome(got, length, &welcome);
  if (!wire_is_frame(sent, length)) return memcmp(sent, got, length) == 0;
  return wire_is_frame(got, length) &&
         wire_header_mismatch(sent, got, (uint8_t)~WIRE_FRAME_FLAG_REPLY) == WIRE_FRAME_HEADER_BYTES &&
         memcmp(sent + WIRE_FRAME_HEADER_BYTES, got + WIRE_FRAME_HEADER_BYTES, length - WIRE_FRAME_HEADER_BYTES) == 0;
}

void walk_script_write(enum question question, struct walk_script *script, struct walk_plan *plan) {
  const struct wire_hello hello = {.mode = WIRE_MODE_STAMPED, .frame_bytes = WALK_SCRIPT_BYTES};
  const struct wire_frame frame = {.sequence = 1};
  if (question != QUESTION_HELLO && question != QUESTION_ECHO) return;
  memcpy(script->message, text, WALK_SCRIPT_BYTES);
  plan->is_same = is_same;
  plan->message = script->message;
  plan->length = WALK_SCRIPT_BYTES;
  if (question != QUESTION_HELLO) return;
  wire_put_hello(&hello, script->greeting);
  plan->greeting = script->greeting;
  plan->greeting_length = WIRE_HELLO_BYTES;
  wire_put_frame(&frame, script->message);
}
