/* The exams of the bytes of a stream: do the same ones come back, all of them, and no others? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/grade/exam_tools.h"
#include "common/text/units.h"

static const char first_message[] = "loping grade: one.";
static const char next_messages[] = " two, with an end of line \r\nand three";
static const char ascii_text[] = "plain letters, digits 0123456789 and signs";
/* How much of the second message is sent at once, so that the third begins a read of its own. */
#define SECOND_BYTES 28

/* Nothing came: does it wait for a newline, or for the end? */
static void ask_why_silent(struct conversation *conversation, struct exam_result *result) {
  size_t length;
  conversation_send(conversation, "\n", 1);
  enum mistake mistake = MISTAKE_WAITS_FOR_NEWLINE;
  if (conversation_await(conversation, strlen(first_message)) == TALK_SILENT) {
    conversation_end(conversation);
    mistake = MISTAKE_WAITS_FOR_END;
    (void)conversation_await_end(conversation);
  }
  const uint8_t *came = conversation_received(conversation, &length);
  if (length < strlen(first_message) || memcmp(came, first_message, strlen(first_message)) != 0) return;
  result->finding.mistake = mistake;
  finding_say_came(
      &result->finding, "nothing, and the whole of it once %s",
      mistake == MISTAKE_WAITS_FOR_NEWLINE ? "a newline was sent behind it" : "the client's side was closed");
}

/* Three messages, each when the echo of the one before is there. */
void exam_echo(struct examiner *examiner, struct exam_result *result) {
  char all[sizeof first_message + sizeof next_messages];
  struct exam_sending sending = {.bytes = all};
  struct conversation *conversation = exam_connect(examiner, 0, result);
  size_t first = strlen(first_message);
  if (conversation == NULL) return;
  snprintf(all, sizeof all, "%s%s", first_message, next_messages);
  exam_send_next(conversation, &sending, first);
  if (sending.end == TALK_ENOUGH) {
    sending.first_bytes = first;
    exam_send_next(conversation, &sending, SECOND_BYTES);
  }
  if (sending.end == TALK_ENOUGH) exam_send_next(conversation, &sending, strlen(next_messages) - SECOND_BYTES);
  bool is_same = exam_judge(examiner, conversation, &sending, result);
  if (!is_same && result->finding.mistake == MISTAKE_NO_REPLY) ask_why_silent(conversation, result);
  examiner->is_echo_fine = is_same;
  if (!is_same) examiner->known = result->finding.mistake;
  conversation_close(conversation);
}

/* The bytes 128 to 255, then 0 to 127: what stops at a NUL has shown by then that it keeps the others. */
void exam_bytes(struct examiner *examiner, struct exam_result *result) {
  uint8_t bytes[256];
  struct exam_result text = {.state = EXAM_PASSED};
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (uint8_t)(i + 128);
  if (exam_echoes_alone(examiner, bytes, sizeof bytes, result)) return;
  finding_say_sent(&result->finding, "256 B, each value once: 128 to 255, then 0 to 127");
  if (result->finding.mistake != MISTAKE_CLOSES_WITHOUT_REPLY && result->finding.mistake != MISTAKE_NO_REPLY) return;
  if (!exam_echoes_alone(examiner, ascii_text, strlen(ascii_text), &text)) return;
  result->finding.mistake = MISTAKE_TAKES_BYTES_FOR_TEXT;
  finding_say_came(&result->finding, "nothing, while text of ASCII alone came back as it was sent");
}

/* Each size on a connection of its own, in one go, read at the same time. */
void exam_sizes(struct examiner *examiner, struct exam_result *result) {
  static const size_t sizes[] = {1, 1024, 65536, (size_t)1 << 20, (size_t)4 << 20};
  size_t count = sizeof sizes / sizeof sizes[0];
  char size[UNITS_TEXT_SIZE];
  uint8_t *bytes = exam_bytes_make(examiner, sizes[count - 1]);
  if (bytes == NULL) return;
  for (size_t i = 0; i < count && result->state == EXAM_PASSED; i++) {
    if (exam_echoes_alone(examiner, bytes, sizes[i], result)) continue;
    finding_say_sent(&result->finding, "%s in one go%s", units_format_size(sizes[i], size),
                     i > 0 ? ", after the smaller sizes had come back whole" : "");
  }
  examiner->long_is_fine = result->state == EXAM_PASSED;
  free(bytes);
}

/* One message in pieces, each when the echo of the one before is there. */
void exam_pieces(struct examiner *examiner, struct exam_result *result) {
  enum { PIECES = 8, PIECE_BYTES = 100 };
  struct conversation *conversation = exam_connect(examiner, 0, result);
  uint8_t *bytes = exam_bytes_make(examiner, PIECES * PIECE_BYTES);
  struct exam_sending sending = {.bytes = bytes, .end = TALK_ENOUGH};
  if (conversation != NULL && bytes != NULL) {
    for (int i = 0; i < PIECES && sending.end == TALK_ENOUGH; i++) {
      sending.first_bytes = i > 0 ? PIECE_BYTES : 0;
      exam_send_next(conversation, &sending, PIECE_BYTES);
    }
    if (!exam_judge(examiner, conversation, &sending, result))
      finding_say_sent(&result->finding, "800 B in 8 pieces, each when the piece before it had come back");
  }
  if (conversation != NULL) conversation_close(conversation);
  free(bytes);
}

/* Several short messages that come to the server in one read. */
void exam_several(struct examiner *examiner, struct exam_result *result) {
  static const char messages[] = "first line\nsecond line\nthird line\nand no end of line";
  if (!exam_echoes_alone(examiner, messages, strlen(messages), result))
    finding_say_sent(&result->finding, "four short messages in one send(): \"first line\\nsecond line\\n...\"");
}
