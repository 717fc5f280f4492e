/* See exam_tools.h. */
#include "client/grade/exam_tools.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"
#include "common/text/clock.h"
#include "common/text/units.h"

/* "0000001." */
#define CHUNK_BYTES 8
/* How often is looked whether a server that cuts connections is still there, and how long between, in ns. */
#define LOOKS         10
#define LOOK_PAUSE_NS (20 * CLOCK_NS_PER_MS)

uint8_t *exam_bytes_make(struct examiner *examiner, size_t length) {
  static const char digits[] = "0123456789abcdef";
  uint8_t *bytes = memory_take(length);
  if (bytes == NULL) {
    examiner->lack_code = UV_ENOMEM;
    return NULL;
  }
  for (size_t i = 0; i < length; i++) {
    size_t place = i % CHUNK_BYTES, chunk = i / CHUNK_BYTES;
    bytes[i] = place == CHUNK_BYTES - 1 ? '.' : (uint8_t)digits[chunk >> 4 * (CHUNK_BYTES - 2 - place) & 15];
  }
  return bytes;
}

struct finding *exam_fail(struct exam_result *result, enum mistake mistake) {
  result->state = EXAM_FAILED;
  result->finding.mistake = mistake;
  return &result->finding;
}

void exam_leave_out(struct exam_result *result, enum exam_state state, const char *format, ...) {
  va_list arguments;
  result->state = state;
  va_start(arguments, format);
  vsnprintf(result->reason, sizeof result->reason, format, arguments);
  va_end(arguments);
}

struct conversation *exam_connect(struct examiner *examiner, int receive_bytes, struct exam_result *result) {
  struct conversation *conversation;
  int code = conversation_open(&examiner->talks, &examiner->target, receive_bytes, &conversation);
  if (code == 0) return conversation;
  if (code == UV_EMFILE || code == UV_ENFILE || code == UV_ENOMEM) examiner->lack_code = code;
  struct finding *finding = exam_fail(result, MISTAKE_REFUSES);
  finding_say_sent(finding, "a connection");
  finding_say_came(finding, "%s (%s)", uv_strerror(code), uv_err_name(code));
  return NULL;
}

static enum echo_end echo_end_of(enum talk_end end) {
  static const enum echo_end ends[] = {
      [TALK_ENOUGH] = ECHO_ENOUGH, [TALK_END] = ECHO_ENDED, [TALK_RESET] = ECHO_RESET, [TALK_SILENT] = ECHO_SILENT};
  return ends[end];
}

/* What an earlier exam found shows in another way here. */
static enum mistake explained(enum mistake known, enum mistake seen) {
  static const struct {
    enum mistake known, seen;
  } rows[] = {
      {MISTAKE_WAITS_FOR_NEWLINE, MISTAKE_NO_REPLY},
      {MISTAKE_WAITS_FOR_NEWLINE, MISTAKE_DROPS_AFTER_NEWLINE},
      {MISTAKE_WAITS_FOR_END, MISTAKE_NO_REPLY},
      {MISTAKE_SPEAKS_FIRST, MISTAKE_ADDS_WORDS_BEFORE},
      {MISTAKE_SENDS_WHOLE_BUFFER, MISTAKE_SENDS_TWICE},
      {MISTAKE_SHORT_WRITE, MISTAKE_ENDS_EARLY},
      {MISTAKE_SHORT_WRITE, MISTAKE_KEEPS_BACK},
      {MISTAKE_GIVES_UP_AT_FULL, MISTAKE_ENDS_EARLY},
      {MISTAKE_GIVES_UP_AT_FULL, MISTAKE_CLOSES_WITHOUT_REPLY},
      {MISTAKE_GIVES_UP_AT_FULL, MISTAKE_ONE_RECV},
      {MISTAKE_SENDS_WHOLE_BUFFER, MISTAKE_DIFFERS},
      {MISTAKE_SPEAKS_FIRST, MISTAKE_DIFFERS},
      {MISTAKE_ADDS_WORDS_BEFORE, MISTAKE_DIFFERS},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].known == known && rows[i].seen == seen) return known;
  return seen;
}

bool exam_judge(struct examiner *examiner, struct conversation *conversation, const struct exam_sending *sending,
                struct exam_result *result) {
  struct echo_facts facts = {.sent = sending->bytes,
                             .sent_bytes = sending->length,
                             .first_bytes = sending->first_bytes,
                             .is_more_than_sent = sending->is_more_than_sent,
                             .end = echo_end_of(sending->end)};
  char quoted[FINDING_BYTES_SIZE], count[UNITS_TEXT_SIZE];
  facts.came = conversation_received(conversation, &facts.came_bytes);
  if (findings_compare(&facts, &result->finding)) return true;
  result->state = EXAM_FAILED;
  finding_say_sent(&result->finding, "%s B: %s", units_format_count(sending->length, count),
                   finding_quote(sending->bytes, sending->length, quoted));
  result->finding.mistake = explained(examiner->known, result->finding.mistake);
  return false;
}

void exam_send_next(struct conversation *conversation, struct exam_sending *sending, size_t length) {
  size_t came;
  conversation_send(conversation, (const uint8_t *)sending->bytes + sending->length, length);
  sending->length += length;
  sending->end = conversation_await(conversation, sending->length);
  (void)conversation_received(conversation, &came);
  if (came > sending->length) sending->is_more_than_sent = true;
}

bool exam_echoes(struct examiner *examiner, struct conversation *conversation, const void *message, size_t length,
                 struct exam_result *result) {
  struct exam_sending sending = {.bytes = message};
  exam_send_next(conversation, &sending, length);
  return exam_judge(examiner, conversation, &sending, result);
}

bool exam_echoes_alone(struct examiner *examiner, const void *message, size_t length, struct exam_result *result) {
  struct conversation *conversation = exam_connect(examiner, 0, result);
  if (conversation == NULL) return false;
  bool is_same = exam_echoes(examiner, conversation, message, length, result);
  conversation_close(conversation);
  return is_same;
}

uint64_t exam_stall_ns(const struct examiner *examiner) {
  return examiner->talks.patience_ns * 15 / 100;
}

/* One look by a connection on which a word is said. */
enum look { LOOK_IS_THERE, LOOK_IS_GONE, LOOK_WAS_CUT };

static enum look look_once(struct examiner *examiner) {
  struct conversation *conversation;
  int code = conversation_open(&examiner->talks, &examiner->target, 0, &conversation);
  if (code == UV_ECONNREFUSED || code == UV_ENOENT) return LOOK_IS_GONE;
  if (code != 0) return LOOK_IS_THERE;
  uint64_t patience_ns = examiner->talks.patience_ns;
  conversation_send(conversation, "?\n", 2);
  examiner->talks.patience_ns = patience_ns / 5;
  enum talk_end end = conversation_await(conversation, 1);
  examiner->talks.patience_ns = patience_ns;
  conversation_close(conversation);
  return end == TALK_ENOUGH || end == TALK_SILENT ? LOOK_IS_THERE : LOOK_WAS_CUT;
}

/* Of a process that ends, the listening socket may be the last that goes: a connection that was cut tells nothing yet.
 */
bool exam_is_server_there(struct examiner *examiner) {
  enum look look = LOOK_IS_THERE;
  bool is_stream = examiner->target.transport != TRANSPORT_UDP;
  for (int i = 0; i < LOOKS; i++) {
    if (examiner->pid > 0 && !process_facts_is_alive(examiner->pid)) return false;
    look = is_stream ? look_once(examiner) : LOOK_IS_THERE;
    if (look != LOOK_WAS_CUT) break;
    talks_pass(&examiner->talks, LOOK_PAUSE_NS);
  }
  return look != LOOK_IS_GONE;
}
