/* The exams of a connection's end: in order, half, by a reset, and while the server still writes. */
#include <stdlib.h>
#include <string.h>

#include "client/grade/exam_tools.h"
#include "client/grade/process_facts.h"
#include "common/text/clock.h"
#include "common/text/units.h"

/* More than the sockets of both sides hold, so that a server that reads on has to keep some of it itself. */
#define SETTLE_LOOK_NS   (2 * CLOCK_NS_PER_MS)
#define HALF_CLOSE_BYTES ((size_t)8 << 20)
/* So small a buffer on the client's side leaves the server to keep the most. */
#define SMALL_BUFFER_BYTES 16384
/* Of CPU time a server that waits uses nearly none: so much of it is no waiting. */
#define SPIN_CPU_NS  (60 * CLOCK_NS_PER_MS)
#define SPIN_LOOK_NS (20 * CLOCK_NS_PER_MS)
#define GONE_ROUNDS  20
#define GONE_BYTES   262144
#define FULL_BYTES   HALF_CLOSE_BYTES

static const char a_message[] = "a message before the end";

/* How much CPU time the server uses while it should wait; it is looked at until that is more than a waiting one's. */
static uint64_t watch_cpu(struct examiner *examiner) {
  uint64_t before, now, until = clock_now_ns() + examiner->talks.patience_ns / 2;
  if (examiner->pid <= 0 || process_facts_cpu_ns(examiner->pid, &before) != 0) return 0;
  do {
    talks_pass(&examiner->talks, SPIN_LOOK_NS);
    if (process_facts_cpu_ns(examiner->pid, &now) != 0) return 0;
  } while (now - before < SPIN_CPU_NS && clock_now_ns() < until && clock_now_ns() < examiner->talks.until_ns);
  return now - before;
}

/* The server keeps its side open after ours has ended: does it go round and round meanwhile? */
static void fail_open(struct examiner *examiner, const char *sent, struct exam_result *result) {
  char time[UNITS_TEXT_SIZE];
  uint64_t used_ns = watch_cpu(examiner);
  enum mistake mistake = used_ns >= SPIN_CPU_NS ? MISTAKE_SPINS_AT_END : MISTAKE_DOES_NOT_CLOSE;
  examiner->stays_open = true;
  examiner->open_mistake = mistake;
  struct finding *finding = exam_fail(result, mistake);
  finding_say_sent(finding, "%s", sent);
  if (mistake == MISTAKE_SPINS_AT_END)
    finding_say_came(finding, "no end; and the process used %s of CPU time while there was nothing to do",
                     units_format_duration((double)used_ns, time));
  else
    finding_say_came(finding, "no end of the server's side");
}

/* The same server kept every byte while the client's side was open. */
static bool is_dropped(const struct examiner *examiner, const struct exam_result *result) {
  enum mistake mistake = result->finding.mistake;
  return examiner->long_is_fine &&
         (mistake == MISTAKE_ENDS_EARLY || mistake == MISTAKE_ONE_RECV || mistake == MISTAKE_CLOSES_WITHOUT_REPLY);
}

/* Much is sent and the client's side closed before anything is read: all of it is owed still, and then the end. */
void exam_half_close(struct examiner *examiner, struct exam_result *result) {
  static const char sent[] = "8 MiB, then the end of the client's side (SHUT_WR), and only then the reading";
  uint8_t *bytes = exam_bytes_make(examiner, HALF_CLOSE_BYTES);
  struct conversation *conversation = bytes != NULL ? exam_connect(examiner, SMALL_BUFFER_BYTES, result) : NULL;
  if (conversation != NULL) {
    struct exam_sending sending = {.bytes = bytes, .length = HALF_CLOSE_BYTES};
    conversation_read(conversation, false);
    conversation_send(conversation, bytes, HALF_CLOSE_BYTES);
    conversation_end(conversation);
    if (conversation_await_sent(conversation, exam_stall_ns(examiner)))
      talks_pass(&examiner->talks, exam_stall_ns(examiner));
    conversation_read(conversation, true);
    sending.end = conversation_await(conversation, HALF_CLOSE_BYTES);
    bool is_same = exam_judge(examiner, conversation, &sending, result);
    if (!is_same) finding_say_sent(&result->finding, "%s", sent);
    if (!is_same && is_dropped(examiner, result)) result->finding.mistake = MISTAKE_DROPS_AT_HALF_CLOSE;
    if (is_same && conversation_await_end(conversation) == TALK_SILENT) fail_open(examiner, sent, result);
    conversation_close(conversation);
  }
  free(bytes);
}

/* A client that says nothing and goes, and one that has had its echo: the server closes its side too. */
void exam_end(struct examiner *examiner, struct exam_result *result) {
  struct conversation *conversation = exam_connect(examiner, 0, result);
  if (conversation == NULL) return;
  if (!examiner->stays_open) {
    conversation_end(conversation);
    if (conversation_await_end(conversation) == TALK_SILENT)
      fail_open(examiner, "the end of a connection on which nothing was said", result);
  } else {
    struct finding *finding = exam_fail(result, examiner->open_mistake);
    finding_say_sent(finding, "the end of the client's side");
    finding_say_came(finding, "no end of the server's side, as before");
  }
  conversation_close(conversation);
}

/* A server with a thread for each client may notice later than it serves the next: waits until it has put away what it
 * had open more than before, or is gone. */
static void await_settled(struct examiner *examiner, const struct process_sockets *before) {
  struct process_sockets now;
  uint64_t end_ns = clock_now_ns() + exam_stall_ns(examiner);
  while (before->count > 0 && clock_now_ns() < end_ns && process_facts_is_alive(examiner->pid) &&
         process_facts_sockets(examiner->pid, &now) == 0 && now.count > before->count)
    talks_pass(&examiner->talks, SETTLE_LOOK_NS);
}

/* None where it cannot be looked into. */
static void look_before(struct examiner *examiner, struct process_sockets *before) {
  before->count = 0;
  if (examiner->pid > 0 && process_facts_sockets(examiner->pid, before) != 0) before->count = 0;
}

/* Is anybody served after what was done? The new connection is asked first: a server that is about to end is gone when
 * that one has ended, too. */
static void look_after(struct examiner *examiner, enum mistake death, const char *sent, struct exam_result *result) {
  struct exam_result after = {.state = EXAM_PASSED};
  bool is_answered = exam_echoes_alone(examiner, a_message, strlen(a_message), &after);
  if (!exam_is_server_there(examiner)) {
    struct finding *finding = exam_fail(result, death);
    finding_say_sent(finding, "%s", sent);
    finding_say_came(finding, "the server's end: nobody listens any more");
  } else if (!is_answered && examiner->is_echo_fine) {
    *result = after;
    finding_say_sent(&result->finding, "%s, and then a message on a new connection", sent);
  }
}

/* A reset in the middle of a conversation. */
void exam_reset(struct examiner *examiner, struct exam_result *result) {
  struct exam_result before = {.state = EXAM_PASSED};
  struct process_sockets open_before;
  look_before(examiner, &open_before);
  struct conversation *conversation = exam_connect(examiner, 0, result);
  if (conversation == NULL) return;
  (void)exam_echoes(examiner, conversation, a_message, strlen(a_message), &before);
  conversation_reset(conversation);
  await_settled(examiner, &open_before);
  look_after(examiner, MISTAKE_DIES_AT_RESET, "a reset of a connection (SO_LINGER 0)", result);
}

/* One client that sends a long message and is gone when the server writes; its second write meets a broken pipe. Then
 * another one is served before the next: a short queue of the server must not run over. */
static bool go(struct examiner *examiner, const uint8_t *bytes) {
  struct exam_result after = {.state = EXAM_PASSED};
  struct conversation *conversation;
  if (conversation_open(&examiner->talks, &examiner->target, 0, &conversation) != 0) return false;
  conversation_read(conversation, false);
  conversation_send(conversation, bytes, GONE_BYTES);
  conversation_close(conversation);
  return !examiner->is_echo_fine || exam_echoes_alone(examiner, a_message, strlen(a_message), &after);
}

/* One client that sends until the server can take no more, as nothing of its echo is read: it writes, then, when the
 * client goes, and has more to read behind that, however fast it is. */
static void go_when_full(struct examiner *examiner, const uint8_t *bytes) {
  struct conversation *conversation;
  if (conversation_open(&examiner->talks, &examiner->target, SMALL_BUFFER_BYTES, &conversation) != 0) return;
  conversation_read(conversation, false);
  conversation_send(conversation, bytes, FULL_BYTES);
  (void)conversation_await_sent(conversation, exam_stall_ns(examiner));
  conversation_close(conversation);
}

void exam_gone(struct examiner *examiner, struct exam_result *result) {
  const char *sent =
      examiner->is_echo_fine
          ? "256 KiB on each of 20 connections, and 8 MiB on one more, which were closed before anything was read"
          : "256 KiB on a connection that was closed before anything was read";
  uint8_t *bytes = exam_bytes_make(examiner, FULL_BYTES);
  int rounds = examiner->is_echo_fine ? GONE_ROUNDS : 1;
  struct process_sockets open_before;
  look_before(examiner, &open_before);
  for (int i = 0; bytes != NULL && i < rounds && go(examiner, bytes); i++) {
  }
  if (bytes != NULL && examiner->is_echo_fine) go_when_full(examiner, bytes);
  if (bytes != NULL) await_settled(examiner, &open_before);
  if (bytes != NULL)
    look_after(examiner, examiner->ends_at_sigpipe ? MISTAKE_DIES_AT_SIGPIPE : MISTAKE_DIES, sent, result);
  free(bytes);
}
