/* The exams of datagrams: each has an echo of its own, whole, to the one who asked, from where it was asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/grade/datagrams.h"
#include "client/grade/exam_tools.h"
#include "common/text/units.h"

#define SEVERAL 5
#define LINE    40

static const char first_message[] = "loping grade: a datagram.";

static struct datagram_client *open_client(struct examiner *examiner, struct exam_result *result) {
  struct datagram_client *client;
  int code = datagrams_open(&examiner->talks, &examiner->target, &client);
  if (code == 0) return client;
  examiner->lack_code = code;
  exam_leave_out(result, EXAM_NOT_EXAMINED, "no socket for it: %s (%s)", uv_strerror(code), uv_err_name(code));
  return NULL;
}

/* Judges the datagram of that number against what was sent; false: the result says what it is. */
static bool judge(struct datagram_client *client, size_t number, const void *sent, size_t length,
                  struct exam_result *result) {
  char quoted[FINDING_BYTES_SIZE], size[UNITS_TEXT_SIZE];
  size_t count;
  const struct datagram *datagrams = datagrams_received(client, &count);
  bool has_come = number < count;
  struct echo_facts facts = {
      .sent = sent, .sent_bytes = length, .is_datagram = true, .end = has_come ? ECHO_ENOUGH : ECHO_SILENT};
  if (has_come) {
    facts.came = datagrams[number].bytes;
    facts.came_bytes = datagrams[number].length;
  }
  if (findings_compare(&facts, &result->finding)) return true;
  if (!has_come || facts.came_bytes == 0) result->finding.mistake = MISTAKE_NO_REPLY;
  if (has_come && facts.came_bytes == 0) finding_say_came(&result->finding, "an empty datagram");
  result->state = EXAM_FAILED;
  finding_say_sent(&result->finding, "a datagram of %s: %s", units_format_size(length, size),
                   finding_quote(sent, length, quoted));
  return false;
}

/* Sends one and judges what comes. A datagram may be lost without anybody's fault: a second one is sent then. */
static bool is_echoed(struct datagram_client *client, const void *bytes, size_t length, struct exam_result *result) {
  size_t count;
  (void)datagrams_received(client, &count);
  for (int attempt = 0; attempt < 2 && count == 0; attempt++) {
    (void)datagrams_send(client, bytes, length);
    if (datagrams_await(client, 1)) break;
  }
  return judge(client, 0, bytes, length, result);
}

static bool is_echoed_alone(struct examiner *examiner, const void *bytes, size_t length, struct exam_result *result) {
  struct datagram_client *client = open_client(examiner, result);
  if (client == NULL) return false;
  bool is_same = is_echoed(client, bytes, length, result);
  datagrams_close(client);
  return is_same;
}

/* One datagram, and where its echo comes from. */
void exam_datagram(struct examiner *examiner, struct exam_result *result) {
  char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE];
  struct datagram_client *client = open_client(examiner, result);
  if (client == NULL) return;
  bool is_same = is_echoed(client, first_message, strlen(first_message), result);
  size_t count;
  const struct datagram *datagrams = datagrams_received(client, &count);
  bool is_elsewhere = is_same && (address_port(&datagrams[0].source) != address_port(&examiner->target.address) ||
                                  !address_same_host(&datagrams[0].source, &examiner->target.address));
  if (is_elsewhere) {
    struct finding *finding = exam_fail(result, MISTAKE_ANSWERS_FROM_OTHER_PORT);
    finding_say_sent(finding, "a datagram to %s", address_format(&examiner->target.address, to));
    finding_say_came(finding, "its echo from %s", address_format(&datagrams[0].source, from));
  }
  examiner->is_echo_fine = is_same;
  datagrams_close(client);
}

void exam_datagram_bytes(struct examiner *examiner, struct exam_result *result) {
  uint8_t bytes[256];
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (uint8_t)(i + 128);
  if (is_echoed_alone(examiner, bytes, sizeof bytes, result)) return;
  finding_say_sent(&result->finding, "256 B, each value once: 128 to 255, then 0 to 127");
  if (result->finding.mistake == MISTAKE_NO_REPLY && examiner->is_echo_fine)
    result->finding.mistake = MISTAKE_TAKES_BYTES_FOR_TEXT;
}

void exam_datagram_sizes(struct examiner *examiner, struct exam_result *result) {
  static const size_t sizes[] = {1, 512, 1472, 8192, 65507};
  size_t count = sizeof sizes / sizeof sizes[0];
  uint8_t *bytes = exam_bytes_make(examiner, sizes[count - 1]);
  for (size_t i = 0; i < count && bytes != NULL && result->state == EXAM_PASSED; i++)
    (void)is_echoed_alone(examiner, bytes, sizes[i], result);
  free(bytes);
}

static void write_line(char line[LINE], const char *who, int number) {
  snprintf(line, LINE, "datagram %d of client %s", number, who);
}

/* Several in a row: each has its own echo, in whatever order. */
void exam_datagram_several(struct examiner *examiner, struct exam_result *result) {
  char lines[SEVERAL][LINE];
  struct datagram_client *client = open_client(examiner, result);
  if (client == NULL) return;
  for (int i = 0; i < SEVERAL; i++) {
    write_line(lines[i], "A", i + 1);
    (void)datagrams_send(client, lines[i], strlen(lines[i]));
  }
  bool is_all = datagrams_await(client, SEVERAL);
  size_t count, found = 0;
  const struct datagram *datagrams = datagrams_received(client, &count);
  for (int i = 0; i < SEVERAL; i++)
    for (size_t j = 0; j < count; j++)
      if (datagrams[j].length == strlen(lines[i]) && memcmp(datagrams[j].bytes, lines[i], strlen(lines[i])) == 0) {
        found++;
        break;
      }
  if (found < SEVERAL && is_all) {
    (void)judge(client, 0, lines[0], strlen(lines[0]), result);
  } else if (found < SEVERAL) {
    struct finding *finding = exam_fail(result, MISTAKE_LOSES_DATAGRAMS);
    finding_say_sent(finding, "%d datagrams in a row", SEVERAL);
    finding_say_came(finding, "%zu datagrams, %zu of them the echo of one", count, found);
  }
  datagrams_close(client);
}

/* Did the echo for the second client go to the first one? It has its own already. */
static bool is_sent_astray(struct datagram_client *first, struct datagram_client *second, const char *message) {
  size_t count;
  (void)datagrams_send(second, message, strlen(message));
  if (datagrams_await(second, 1)) return false;
  const struct datagram *datagrams = datagrams_received(first, &count);
  const struct datagram *last = count > 0 ? &datagrams[count - 1] : NULL;
  return last != NULL && last->length == strlen(message) && memcmp(last->bytes, message, last->length) == 0;
}

/* Two clients by turns: each gets its own. */
void exam_datagram_clients(struct examiner *examiner, struct exam_result *result) {
  char one[LINE], other[LINE];
  struct datagram_client *first = open_client(examiner, result);
  struct datagram_client *second = first != NULL ? open_client(examiner, result) : NULL;
  if (second != NULL) {
    write_line(one, "A", 1);
    write_line(other, "B", 1);
    if (!is_echoed(first, one, strlen(one), result)) {
      /* What is wrong is said. */
    } else if (is_sent_astray(first, second, other)) {
      struct finding *finding = exam_fail(result, MISTAKE_ANSWERS_WRONG_CLIENT);
      finding_say_sent(finding, "a datagram of one client, then one of another");
      finding_say_came(finding, "both echoes to the first client");
    } else {
      (void)is_echoed(second, other, strlen(other), result);
    }
    datagrams_close(second);
  }
  if (first != NULL) datagrams_close(first);
}

/* An empty datagram, and whether anything is answered after it. */
void exam_datagram_empty(struct examiner *examiner, struct exam_result *result) {
  struct exam_result after = {.state = EXAM_PASSED};
  struct datagram_client *client = open_client(examiner, result);
  size_t count;
  if (client == NULL) return;
  (void)datagrams_send(client, "", 0);
  if (!datagrams_await(client, 1)) (void)datagrams_send(client, "", 0);
  bool has_come = datagrams_await(client, 1);
  const struct datagram *datagrams = datagrams_received(client, &count);
  if (!has_come) {
    bool is_alive = is_echoed_alone(examiner, first_message, strlen(first_message), &after);
    struct finding *finding = exam_fail(result, is_alive ? MISTAKE_IGNORES_EMPTY : MISTAKE_ENDS_AT_EMPTY);
    finding_say_sent(finding, "a datagram of 0 B");
    finding_say_came(finding, is_alive ? "nothing, while the next datagram was answered"
                                       : "nothing, and nothing for the next datagram either");
  } else if (datagrams[0].length > 0) {
    (void)judge(client, 0, "", 0, result);
  }
  datagrams_close(client);
}
