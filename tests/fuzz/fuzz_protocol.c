/* Whatever a foreign server says, unasked or for any question; and a forwarder's command line. */
#include <string.h>

#include "client/check/forwarder.h"
#include "client/peer/question.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("\x00\x00SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
           FUZZ_SEED("\x01\x00"
                     "J\0\0\0\x0a"
                     "5.5.5-10.11.6-MariaDB-0+deb12u1\0\x05\0\0\0abcdefgh"),
           FUZZ_SEED("\x03\x01HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nConnection: close\r\n\r\n"),
           FUZZ_SEED("\x04\x00\x16\x03\x03\x00T\x02"), FUZZ_SEED("\x08\x01lp\x80\0\0\x01\0\0"), FUZZ_SEED("\x05\x00N"),
           FUZZ_SEED("\0\0"
                     "220 mail.example ESMTP Postfix\r\n"),
           FUZZ_SEED("\0\0"
                     "220 (vsFTPd 3.0.3)\r\n"),
           FUZZ_SEED("\0\0* OK Dovecot ready.\r\n"), FUZZ_SEED("\0\0+OK\r\n"), FUZZ_SEED("\0\0RFB 003.008\n"),
           FUZZ_SEED("\7\1VERSION 1.6.18\r\n"), FUZZ_SEED("\6\1+PONG\r\n"), FUZZ_SEED("\1\0echo"),
           FUZZ_SEED("\1\0"
                     "\x8bLOPONG1\x01\0\0\0\x78\x56\x34\x12"),
           FUZZ_SEED("\1\0"
                     "\x8bLOPING1"),
           FUZZ_SEED("\2\0postgres"), FUZZ_SEED("\x02\x00ssh -N -L 127.0.0.1:6010:[::1]:80 host"),
           FUZZ_SEED("\x02\x01socat TCP-LISTEN:6010,fork TCP:127.0.0.1:1"));

static void require(bool holds) {
  if (!holds) abort();
}

/* The bytes as a text of their own, so that reading beyond it is seen. */
static char *text_of(const uint8_t *bytes, size_t length) {
  char *text = malloc(length + 1);
  require(text != NULL);
  memcpy(text, bytes, length);
  text[length] = '\0';
  return text;
}

static void judge(enum question question, const uint8_t *sent, size_t sent_length, const uint8_t *bytes, size_t length,
                  bool is_all) {
  struct protocol_facts facts;
  uint8_t *answer = malloc(length > 0 ? length : 1);
  require(answer != NULL);
  memcpy(answer, bytes, length);
  enum protocol_answer result = protocol_judge(question, sent, sent_length, answer, length, is_all, &facts);
  require(memchr(facts.product, '\0', sizeof facts.product) != NULL);
  require(result != PROTOCOL_ANSWER_KNOWN || protocol_name(facts.protocol) != NULL);
  const char *goodbye = protocol_goodbye(facts.protocol);
  require(goodbye == NULL || goodbye[0] != '\0');
  require(!is_all || length == 0 || result != PROTOCOL_ANSWER_PARTIAL || sent_length > 0);
  free(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  uint8_t sent[PROTOCOL_QUESTION_BYTES];
  if (length < 2) return 0;
  enum question question = (enum question)(input[0] % QUESTIONS);
  bool is_all = input[1] % 2 == 1, is_udp = input[1] / 2 % 2 == 1;
  size_t sent_length = question_write(question, "127.0.0.1:80", is_udp, sent);
  require(sent_length <= sizeof sent);
  judge(question, sent, sent_length, input + 2, length - 2, is_all);
  /* What an echo returns, whole and in part. */
  judge(question, sent, sent_length, sent, sent_length, is_all);
  judge(question, sent, sent_length, sent, length % (sent_length + 1), is_all);
  judge(QUESTION_NONE, sent, 0, input + 2, length - 2, is_all);
  char *text = text_of(input + 2, length - 2);
  if (question_find(text, &question)) require(question < QUESTIONS);
  struct forward forward;
  static const char *const forwarders[] = {"docker-proxy", "ssh", "socat", "cat"};
  for (size_t i = 0; i < sizeof forwarders / sizeof forwarders[0]; i++)
    if (forward_find(forwarders[i], text, 6010, &forward)) require(forward.port != 0);
  struct question_clues clues = {is_udp, (uint16_t)(input[0] << 8 | input[1]), text, text,
                                 length % 2 == 0 ? text : NULL};
  require(question_choose(&clues).question < QUESTIONS);
  free(text);
  return 0;
}
