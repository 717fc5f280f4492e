/* The exams of several clients: at once, one of them silent or slow, and many one after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/grade/exam_tools.h"
#include "common/text/clock.h"
#include "common/text/units.h"

#define CLIENTS      4
#define CLIENT_BYTES 64
/* "client 2 speaks:" */
#define FIRST_WORDS        16
#define SLOW_BYTES         ((size_t)8 << 20)
#define SMALL_BUFFER_BYTES 16384
#define CONNECTIONS        200
#define CLOSING_LOOK_NS    (5 * CLOCK_NS_PER_MS)
#define LEAKED_SHOWN       5

/* A client among several: what it says is its own. */
struct party {
  struct conversation *conversation;
  char message[CLIENT_BYTES];
  size_t said; /* so much of it */
};

static void close_party(struct party *party) {
  if (party->conversation != NULL) conversation_close(party->conversation);
  party->conversation = NULL;
}

/* Nobody came to the second client while the first one was silent. Is it served once the first has left? */
static void ask_why_unserved(struct examiner *examiner, struct party *silent, struct party *unserved,
                             struct exam_result *result) {
  size_t length = unserved->said;
  if (result->finding.mistake != MISTAKE_NO_REPLY) return;
  close_party(silent);
  if (conversation_await(unserved->conversation, length) != TALK_ENOUGH) return;
  examiner->is_for_one = true;
  struct finding *finding = exam_fail(result, MISTAKE_ONE_AT_A_TIME);
  finding_say_sent(finding, "a message of a second client, while a first one was connected and silent");
  finding_say_came(finding, "nothing; and its echo as soon as the first client had left");
}

static bool has_come(const struct party *party, const char *message, size_t wanted) {
  size_t length;
  if (party->conversation == NULL) return false;
  const uint8_t *came = conversation_received(party->conversation, &length);
  for (size_t i = 0; i + wanted <= length; i++)
    if (memcmp(came + i, message, wanted) == 0) return true;
  return false;
}

/* What this client said last came to another one. */
static bool is_mixed(const struct party *parties, const struct party *own) {
  size_t begin = own->said > FIRST_WORDS ? FIRST_WORDS : 0;
  for (int i = 0; i < CLIENTS; i++)
    if (&parties[i] != own && has_come(&parties[i], own->message + begin, own->said - begin)) return true;
  return false;
}

static void judge_party(struct examiner *examiner, struct party *parties, int number, struct exam_result *result) {
  struct party *party = &parties[number];
  struct exam_sending sending = {.bytes = party->message, .length = party->said};
  sending.end = conversation_await(party->conversation, party->said);
  if (exam_judge(examiner, party->conversation, &sending, result)) return;
  if (is_mixed(parties, party)) {
    examiner->is_for_one = true;
    result->finding.mistake = MISTAKE_MIXES_CLIENTS;
  }
  finding_say_sent(&result->finding, "\"%.*s\", while %d clients are connected", (int)party->said, party->message,
                   CLIENTS);
  ask_why_unserved(examiner, &parties[0], party, result);
}

static void say(struct party *party, size_t length) {
  conversation_send(party->conversation, party->message + party->said, length);
  party->said += length;
}

/* All but the first speak, each when it has come; and then once more, all at once. */
static void ask_all(struct examiner *examiner, struct party *parties, struct exam_result *result) {
  for (int i = 0; i < CLIENTS && result->state == EXAM_PASSED; i++) {
    parties[i].conversation = exam_connect(examiner, 0, result);
    if (parties[i].conversation == NULL) return;
    snprintf(parties[i].message, sizeof parties[i].message, "client %d speaks:%d for the second time", i + 1, i + 1);
    if (i == 0) continue;
    say(&parties[i], FIRST_WORDS);
    judge_party(examiner, parties, i, result);
  }
  for (int i = 1; i < CLIENTS && result->state == EXAM_PASSED; i++)
    say(&parties[i], strlen(parties[i].message) - FIRST_WORDS);
  for (int i = 1; i < CLIENTS && result->state == EXAM_PASSED; i++)
    judge_party(examiner, parties, i, result);
}

void exam_clients(struct examiner *examiner, struct exam_result *result) {
  struct party parties[CLIENTS] = {{.conversation = NULL}};
  ask_all(examiner, parties, result);
  for (int i = 0; i < CLIENTS; i++)
    close_party(&parties[i]);
}

/* Another client while the server may wait for the slow one. */
static bool is_other_served(struct examiner *examiner, struct party *other, struct exam_result *result) {
  other->conversation = exam_connect(examiner, 0, result);
  if (other->conversation == NULL) return false;
  snprintf(other->message, sizeof other->message, "another client's");
  return exam_echoes(examiner, other->conversation, other->message, strlen(other->message), result);
}

/* The slow one reads on: is the other one served now? */
static void ask_why_stopped(struct party *other, struct exam_result *result) {
  if (other->conversation == NULL || result->finding.mistake != MISTAKE_NO_REPLY) return;
  if (conversation_await(other->conversation, strlen(other->message)) != TALK_ENOUGH) return;
  struct finding *finding = exam_fail(result, MISTAKE_SLOW_READER_STOPS_OTHERS);
  finding_say_sent(finding, "a message of a second client, while a first one had 8 MiB to read and did not");
  finding_say_came(finding, "nothing; and its echo as soon as the first client read on");
}

/* The rest is missing. Does what is sent now come behind the hole? Then the hole is a part that was never sent. */
static bool has_hole(struct conversation *slow) {
  static const char mark[] = "behind the hole";
  size_t before, length;
  (void)conversation_received(slow, &before);
  conversation_send(slow, mark, strlen(mark));
  if (conversation_await(slow, before + strlen(mark)) != TALK_ENOUGH) return false;
  const uint8_t *came = conversation_received(slow, &length);
  return memcmp(came + before, mark, strlen(mark)) == 0;
}

static void judge_slow(struct examiner *examiner, struct conversation *slow, const uint8_t *bytes,
                       struct exam_result *result) {
  struct exam_result own = {.state = EXAM_PASSED};
  struct exam_sending sending = {.bytes = bytes, .length = SLOW_BYTES};
  sending.end = conversation_await(slow, SLOW_BYTES);
  if (exam_judge(examiner, slow, &sending, &own)) return;
  enum mistake *mistake = &own.finding.mistake;
  bool is_ended =
      *mistake == MISTAKE_ENDS_EARLY || *mistake == MISTAKE_CLOSES_WITHOUT_REPLY || *mistake == MISTAKE_ONE_RECV;
  if (examiner->long_is_fine && is_ended) *mistake = MISTAKE_GIVES_UP_AT_FULL;
  if (*mistake == MISTAKE_KEEPS_BACK && has_hole(slow)) *mistake = MISTAKE_SHORT_WRITE;
  if (*mistake == MISTAKE_GIVES_UP_AT_FULL || *mistake == MISTAKE_SHORT_WRITE) examiner->known = *mistake;
  if (result->state != EXAM_PASSED) return;
  *result = own;
  finding_say_sent(&result->finding, "8 MiB, of which nothing was read until nothing more could be sent");
}

/* Is another client served while the slow one has more to send than is taken? A server that was only late, and takes
 * more of it afterwards, is asked again. */
static bool is_served_beside(struct examiner *examiner, struct conversation *slow, struct party *other,
                             struct exam_result *result) {
  for (;;) {
    (void)conversation_await_sent(slow, exam_stall_ns(examiner));
    size_t unread = conversation_unread(slow);
    if (!is_other_served(examiner, other, result)) return false;
    if (unread == 0) return true;
    talks_pass(&examiner->talks, exam_stall_ns(examiner));
    if (conversation_unread(slow) == unread || clock_now_ns() >= examiner->talks.until_ns) return true;
    close_party(other);
  }
}

void exam_slow_reader(struct examiner *examiner, struct exam_result *result) {
  struct party other = {.conversation = NULL};
  uint8_t *bytes = exam_bytes_make(examiner, SLOW_BYTES);
  struct conversation *slow = bytes != NULL ? exam_connect(examiner, SMALL_BUFFER_BYTES, result) : NULL;
  if (slow != NULL) {
    conversation_read(slow, false);
    conversation_send(slow, bytes, SLOW_BYTES);
    if (examiner->is_for_one) (void)conversation_await_sent(slow, exam_stall_ns(examiner));
    bool is_served = examiner->is_for_one || is_served_beside(examiner, slow, &other, result);
    conversation_read(slow, true);
    if (!is_served) ask_why_stopped(&other, result);
    judge_slow(examiner, slow, bytes, result);
    conversation_close(slow);
  }
  close_party(&other);
  free(bytes);
}

static bool is_known(const struct process_sockets *sockets, int descriptor) {
  for (size_t i = 0; i < sockets->count; i++)
    if (sockets->descriptors[i] == descriptor) return true;
  return false;
}

/* "4, 5, 6, ...": the descriptors that were not there before. */
static size_t list_new(const struct process_sockets *before, const struct process_sockets *now, char *out,
                       size_t out_bytes) {
  size_t count = 0, used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < now->count; i++) {
    if (is_known(before, now->descriptors[i])) continue;
    if (count++ < LEAKED_SHOWN && used < out_bytes)
      used += (size_t)snprintf(out + used, out_bytes - used, "%s%d", used > 0 ? ", " : "", now->descriptors[i]);
  }
  if (count > LEAKED_SHOWN && used < out_bytes) snprintf(out + used, out_bytes - used, " ...");
  return count;
}

/* Are as many open as before? The server has a moment for the last ones. */
static void look_for_leak(struct examiner *examiner, const struct process_sockets *before, struct exam_result *result) {
  struct process_sockets now;
  char listed[FINDING_TEXT_SIZE / 2];
  uint64_t until = clock_now_ns() + examiner->talks.patience_ns;
  while (process_facts_sockets(examiner->pid, &now) == 0 && now.count > before->count && clock_now_ns() < until &&
         clock_now_ns() < examiner->talks.until_ns)
    talks_pass(&examiner->talks, CLOSING_LOOK_NS);
  if (now.count < before->count + CONNECTIONS / 2) return;
  size_t count = list_new(before, &now, listed, sizeof listed);
  struct finding *finding =
      exam_fail(result, examiner->stays_open ? examiner->open_mistake : MISTAKE_LEAKS_DESCRIPTORS);
  finding_say_sent(finding, "%d connections one after the other, each closed by the client", CONNECTIONS);
  finding_say_came(finding, "%zu sockets more in the process than before, and still open: descriptors %s", count,
                   listed);
}

static bool is_one_more_served(struct examiner *examiner, int number, struct exam_result *result) {
  char message[CLIENT_BYTES];
  int length = snprintf(message, sizeof message, "connection %d of %d", number, CONNECTIONS);
  struct conversation *conversation = exam_connect(examiner, 0, result);
  bool is_same = conversation != NULL && exam_echoes(examiner, conversation, message, (size_t)length, result);
  if (is_same && !examiner->stays_open) {
    conversation_end(conversation);
    (void)conversation_await_end(conversation);
  }
  if (conversation != NULL) conversation_close(conversation);
  return is_same;
}

void exam_many(struct examiner *examiner, struct exam_result *result) {
  struct process_sockets before;
  if (examiner->stays_open && examiner->open_mistake == MISTAKE_SPINS_AT_END) {
    struct finding *finding = exam_fail(result, MISTAKE_SPINS_AT_END);
    finding_say_sent(finding, "nothing: each connection more would take a part of the CPUs for good");
    finding_say_came(finding, "as before");
    return;
  }
  bool is_looked_into = examiner->pid > 0 && process_facts_sockets(examiner->pid, &before) == 0;
  for (int i = 1; i <= CONNECTIONS; i++) {
    if (is_one_more_served(examiner, i, result)) continue;
    bool is_other = i > 1 && mistake_is_no_echo(result->finding.mistake);
    if (is_other) result->finding.mistake = MISTAKE_STOPS_AFTER_CONNECTIONS;
    finding_say_sent(&result->finding, "a message on connection %d of %d one after the other", i, CONNECTIONS);
    return;
  }
  if (is_looked_into)
    look_for_leak(examiner, &before, result);
  else
    exam_leave_out(result, EXAM_PASSED, "the server's descriptors could not be counted");
}
