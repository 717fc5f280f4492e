/*
 * What any server may answer: to the greeting, and to a message. The first byte of the input is the size of the
 * message, the second how the reply is split into reads; the rest is the answer.
 */
#include <stdbool.h>
#include <string.h>

#include "client/peer/greeting.h"
#include "client/workloads/message.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(
    FUZZ_SEED("\x40\x10\x8bLOPONG1\x01\0\0\0\x78\x56\x34\x12"), FUZZ_SEED("\x40\x03\x8bLOPING1\x01\0\0\0\x40\0\0\0"),
    FUZZ_SEED("\x40\xffHTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
    FUZZ_SEED("\x28\x07LPF1\x01\x01\x02\0\x05\0\0\0\0\0\0\0\x06\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0"),
    FUZZ_SEED("\x05\x01\x05\0\0\0\0"));

static void check_greeting(const uint8_t *answer, size_t length) {
  uint8_t sent[GREETING_BYTES];
  struct wire_welcome welcome;
  if (length == 0) return;
  if (length > GREETING_BYTES) length = GREETING_BYTES;
  greeting_write(GREETING_HELLO, 64, false, sent);
  enum greeting_answer judged = greeting_judge(sent, answer, length, &welcome);
  if (judged == GREETING_ANSWER_ECHO) FUZZ_CHECK(length == GREETING_BYTES && memcmp(sent, answer, length) == 0);
  if (judged == GREETING_ANSWER_LOPONG)
    FUZZ_CHECK(length == GREETING_BYTES && wire_get_welcome(answer, length, &welcome));
  if (judged == GREETING_ANSWER_PARTIAL) FUZZ_CHECK(length < GREETING_BYTES);
  greeting_write(GREETING_PROBE, 0, false, sent);
  judged = greeting_judge(sent, answer, length, &welcome);
  if (judged == GREETING_ANSWER_ECHO) FUZZ_CHECK(length == GREETING_BYTES && memcmp(sent, answer, length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  if (length < 3) return 0;
  size_t bytes = input[0] == 0 ? 1 : input[0];
  size_t step = input[1] == 0 ? 1 : input[1];
  const uint8_t *answer = input + 2;
  length -= 2;
  check_greeting(answer, length);

  uint8_t sent[256] = {0};
  struct reply_reader reader;
  struct wire_frame stamp;
  bool is_stamped;
  message_put(sent, bytes, 5);
  message_put_send_time(sent, bytes, 6);
  reply_reader_reset(&reader);
  for (size_t at = 0; at < length && reader.offset < bytes;) {
    size_t given = length - at < step ? length - at : step;
    size_t taken = reply_reader_take(&reader, sent, bytes, answer + at, given);
    FUZZ_CHECK(taken > 0 && taken <= given && reader.offset <= bytes);
    at += taken;
  }
  if (reader.offset < bytes) return 0;
  size_t mismatch = reply_reader_judge(&reader, sent, bytes, 0, &stamp, &is_stamped);
  FUZZ_CHECK(mismatch == MESSAGE_ALL_EQUAL || (mismatch < bytes && sent[mismatch] != answer[mismatch]));
  if (mismatch == MESSAGE_ALL_EQUAL && !is_stamped) FUZZ_CHECK(memcmp(sent, answer, bytes) == 0);
  message_sequence(answer, bytes, 5);
  return 0;
}
