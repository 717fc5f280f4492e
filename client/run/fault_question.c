/* See fault_question.h. Knows no run: it is asked before one begins, and after it has ended. */
#include "client/run/fault_question.h"

#include <string.h>

#include "client/run/connection.h"
#include "common/text/clock.h"

#define ANSWER_BYTES_MAX (WIRE_HELLO_BYTES + WIRE_FAULT_REPORT_BYTES_MAX)

struct question {
  struct connection *connection;
  uv_timer_t limit;
  uint8_t asked[WIRE_HELLO_BYTES];
  uint8_t read[ANSWER_BYTES_MAX];
  uint8_t answer[ANSWER_BYTES_MAX];
  size_t answer_length;
  bool is_answered;
  struct wire_fault_report *report;
};

void fault_question_write(uint8_t out[WIRE_HELLO_BYTES]) {
  const struct wire_hello hello = {.mode = WIRE_MODE_FAULTS, .frame_bytes = WIRE_HELLO_LINE_END};
  wire_put_hello(&hello, out);
}

bool fault_question_read(const uint8_t *bytes, size_t length, struct wire_fault_report *report) {
  struct wire_welcome welcome;
  return wire_get_welcome(bytes, length, &welcome) && welcome.mode == WIRE_MODE_FAULTS &&
         wire_get_fault_report(bytes + WIRE_HELLO_BYTES, length - WIRE_HELLO_BYTES, report);
}

static void end(struct question *question) {
  connection_close(question->connection);
  question->connection = NULL;
  if (!uv_is_closing((uv_handle_t *)&question->limit)) uv_close((uv_handle_t *)&question->limit, NULL);
}

static void on_limit(uv_timer_t *timer) {
  end(timer->data);
}

static void on_open(void *owner, int status) {
  struct question *question = owner;
  if (status == 0) status = connection_send(question->connection, question->asked, sizeof question->asked);
  if (status != 0) end(question);
}

/* Whoever returns the question knows no answer. */
static void on_bytes(void *owner, const uint8_t *bytes, size_t length) {
  struct question *question = owner;
  size_t room = sizeof question->answer - question->answer_length, taken = length < room ? length : room;
  memcpy(question->answer + question->answer_length, bytes, taken);
  question->answer_length += taken;
  question->is_answered = fault_question_read(question->answer, question->answer_length, question->report);
  size_t judged = question->answer_length < WIRE_HELLO_BYTES ? question->answer_length : WIRE_HELLO_BYTES;
  bool is_echo = judged == WIRE_HELLO_BYTES && memcmp(question->answer, question->asked, judged) == 0;
  if (question->is_answered || is_echo || taken < length) end(question);
}

static void on_sent(void *owner) {
  (void)owner;
}

static void on_end(void *owner, int code) {
  (void)code;
  end(owner);
}

static const struct connection_events events = {on_open, on_bytes, on_sent, on_end};

bool fault_question_ask(const struct endpoint *endpoint, uint64_t limit_ns, struct wire_fault_report *report) {
  struct question question = {.report = report};
  fault_question_write(question.asked);
  const struct read_buffer buffer = {question.read, sizeof question.read};
  uv_loop_t loop;
  if (uv_loop_init(&loop) != 0) return false;
  if (uv_timer_init(&loop, &question.limit) == 0) {
    question.limit.data = &question;
    uv_timer_start(&question.limit, on_limit, limit_ns / CLOCK_NS_PER_MS + 1, 0); /* fails only without a callback */
    int code = connection_open(&loop, endpoint, &events, NULL, &buffer, &question, &question.connection);
    if (code != 0) end(&question);
    uv_run(&loop, UV_RUN_DEFAULT);
  }
  uv_loop_close(&loop);
  return question.is_answered;
}
