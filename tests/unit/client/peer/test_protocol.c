/* What a server's words say of it: table by table, each also in pieces. */
#include "client/peer/protocol.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit_test.h"

#define BYTES(literal) literal, sizeof literal - 1
#define HTTP_HEAD      "HTTP/1.1 200 OK\r\nDate: now\r\nsErver: nginx/1.22.1 \r\nConnection: close\r\n\r\n"
#define MARIADB \
  "J\0\0\0\x0a" \
  "5.5.5-10.11.6-MariaDB-0+deb12u1\0\x05\0\0\0abcdefgh"

static const struct {
  const char *situation;
  enum question question;
  const char *answer;
  size_t length;
  bool is_all;
  enum protocol_answer wanted;
  enum protocol protocol;
  const char *product;
} cases[] = {
    /* it speaks first */
    {"SSH", QUESTION_NONE, BYTES("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_SSH,
     "OpenSSH_9.2p1 Debian-2"},
    {"SSH, the line's end is missing", QUESTION_NONE, BYTES("SSH-2.0-Open"), false, PROTOCOL_ANSWER_PARTIAL, 0, ""},
    {"SSH, no more comes", QUESTION_NONE, BYTES("SSH-2.0-Open"), true, PROTOCOL_ANSWER_KNOWN, PROTOCOL_SSH, "Open"},
    {"SMTP", QUESTION_NONE, BYTES("220 mail.example ESMTP Postfix\r\n"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_SMTP,
     "mail.example ESMTP Postfix"},
    {"FTP", QUESTION_NONE, BYTES("220 (vsFTPd 3.0.3)\r\n"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_FTP,
     "(vsFTPd 3.0.3)"},
    {"220 of neither", QUESTION_NONE, BYTES("220 ready\r\n"), false, PROTOCOL_ANSWER_OTHER, 0, ""},
    {"POP3", QUESTION_NONE, BYTES("+OK ready\r\n"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_POP3, ""},
    {"IMAP", QUESTION_NONE, BYTES("* OK [CAPABILITY IMAP4rev1]\r\n"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_IMAP, ""},
    {"VNC", QUESTION_NONE, BYTES("RFB 003.008\n"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_VNC, ""},
    {"rsync", QUESTION_NONE, BYTES("@RSYNCD: 31.0\n"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_RSYNC, ""},
    {"MariaDB", QUESTION_NONE, BYTES(MARIADB), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_MYSQL,
     "10.11.6-MariaDB-0+deb12u1"},
    {"MySQL that has enough", QUESTION_NONE, BYTES("\x45\0\0\0\xff\x10\x04Too many connections"), false,
     PROTOCOL_ANSWER_KNOWN, PROTOCOL_MYSQL, ""},
    {"a prompt", QUESTION_NONE, BYTES("Password: "), true, PROTOCOL_ANSWER_OTHER, 0, ""},
    {"a prompt, more may come", QUESTION_NONE, BYTES("Password: "), false, PROTOCOL_ANSWER_PARTIAL, 0, ""},
    {"nothing", QUESTION_NONE, BYTES(""), false, PROTOCOL_ANSWER_PARTIAL, 0, ""},
    /* it was asked */
    {"HTTP", QUESTION_HTTP, BYTES(HTTP_HEAD), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_HTTP, "nginx/1.22.1"},
    {"HTTP without a name", QUESTION_HTTP, BYTES("HTTP/1.0 404 no\r\n\r\n"), false, PROTOCOL_ANSWER_KNOWN,
     PROTOCOL_HTTP, ""},
    {"HTTP, the head's end is missing", QUESTION_HTTP, BYTES("HTTP/1.1 200 OK\r\n"), false, PROTOCOL_ANSWER_PARTIAL,
     PROTOCOL_HTTP, ""},
    {"a web server asked for an echo", QUESTION_ECHO, BYTES("HTTP/1.1 400 Bad Request\r\n\r\n"), false,
     PROTOCOL_ANSWER_KNOWN, PROTOCOL_HTTP, ""},
    {"TLS, its hello", QUESTION_TLS, BYTES("\x16\x03\x03\0T\x02"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_TLS, ""},
    {"TLS, an alert", QUESTION_TLS, BYTES("\x15\x03\x01\0\x02\x02\x46"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_TLS,
     ""},
    {"TLS asked for a page", QUESTION_HTTP, BYTES("\x15\x03\x01\0\x02\x02\x46"), false, PROTOCOL_ANSWER_KNOWN,
     PROTOCOL_TLS, ""},
    {"PostgreSQL with GSSAPI", QUESTION_POSTGRESQL, BYTES("G"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_POSTGRESQL, ""},
    {"PostgreSQL without", QUESTION_POSTGRESQL, BYTES("N"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_POSTGRESQL, ""},
    {"PostgreSQL's error", QUESTION_POSTGRESQL, BYTES("E\0\0\0\x20SFATAL"), false, PROTOCOL_ANSWER_KNOWN,
     PROTOCOL_POSTGRESQL, ""},
    {"Redis", QUESTION_REDIS, BYTES("+PONG\r\n"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_REDIS, ""},
    {"Redis with a password", QUESTION_REDIS, BYTES("-NOAUTH Authentication required.\r\n"), false,
     PROTOCOL_ANSWER_KNOWN, PROTOCOL_REDIS, ""},
    {"memcached", QUESTION_MEMCACHED, BYTES("VERSION 1.6.18\r\n"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_MEMCACHED,
     "1.6.18"},
    {"DNS over a stream", QUESTION_DNS, BYTES("\0\x0clp\x80\0\0\x01\0\0\0\0\0\0"), false, PROTOCOL_ANSWER_KNOWN,
     PROTOCOL_DNS, ""},
    {"SSH asked for a page", QUESTION_HTTP, BYTES("SSH-2.0-dropbear\r\n"), false, PROTOCOL_ANSWER_KNOWN, PROTOCOL_SSH,
     "dropbear"},
    {"another answer", QUESTION_REDIS, BYTES("hello\r\n"), false, PROTOCOL_ANSWER_OTHER, 0, ""},
};

static void every_answer_has_its_protocol(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint8_t sent[PROTOCOL_QUESTION_BYTES];
    struct protocol_facts facts;
    size_t sent_length = question_write(cases[i].question, "127.0.0.1:80", false, sent);
    enum protocol_answer got = protocol_judge(cases[i].question, sent, sent_length, (const uint8_t *)cases[i].answer,
                                              cases[i].length, cases[i].is_all, &facts);
    if (got != cases[i].wanted) fail_msg("%s: wanted %d, got %d", cases[i].situation, cases[i].wanted, got);
    if (got != PROTOCOL_ANSWER_KNOWN) continue;
    if (facts.protocol != cases[i].protocol)
      fail_msg("%s: wanted %s, got %s", cases[i].situation, protocol_name(cases[i].protocol),
               protocol_name(facts.protocol));
    assert_string_equal(facts.product, cases[i].product);
  }
}

static void every_question_that_comes_back_is_an_echo(void **state) {
  (void)state;
  for (enum question question = QUESTION_ECHO; question < QUESTIONS; question++) {
    uint8_t sent[PROTOCOL_QUESTION_BYTES];
    struct protocol_facts facts;
    size_t length = question_write(question, "127.0.0.1:80", false, sent);
    assert_true(length > 0);
    for (size_t came = 1; came < length; came++)
      assert_int_equal(protocol_judge(question, sent, length, sent, came, false, &facts), PROTOCOL_ANSWER_PARTIAL);
    assert_int_equal(protocol_judge(question, sent, length, sent, length, false, &facts), PROTOCOL_ANSWER_ECHO);
  }
}

static void a_part_of_a_request_that_comes_back_before_the_end_is_an_echo(void **state) {
  (void)state;
  uint8_t sent[PROTOCOL_QUESTION_BYTES];
  struct protocol_facts facts;
  size_t length = question_write(QUESTION_HTTP, "127.0.0.1:80", false, sent);
  assert_int_equal(protocol_judge(QUESTION_HTTP, sent, length, sent, 17, true, &facts), PROTOCOL_ANSWER_ECHO);
}

static void questions_are_well_formed(void **state) {
  (void)state;
  uint8_t sent[PROTOCOL_QUESTION_BYTES];
  size_t length = question_write(QUESTION_HTTP, "[::1]:8080", false, sent);
  static const char head[] = "HEAD / HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\n\r\n";
  assert_int_equal(length, sizeof head - 1);
  assert_memory_equal(sent, head, length);
  length = question_write(QUESTION_TLS, "", false, sent);
  /* The lengths of the record, of the message, and of the extensions count what follows them. */
  assert_int_equal(sent[3] << 8 | sent[4], length - 5);
  assert_int_equal(sent[6] << 16 | sent[7] << 8 | sent[8], length - 9);
  size_t extensions = 5 + 4 + 2 + 32 + 1 + 2 + 16 + 2;
  assert_int_equal(sent[extensions] << 8 | sent[extensions + 1], length - extensions - 2);
  assert_int_equal(question_write(QUESTION_NONE, "", false, sent), 0);
  assert_int_equal(question_write(QUESTION_HTTP, "", true, sent), 0);
  assert_int_equal(question_write(QUESTION_DNS, "", true, sent) + 2, question_write(QUESTION_DNS, "", false, sent));
}

/* A lopong of another user, whose command line is hidden, says it itself. */
static void a_welcome_tells_who_fails_on_purpose(void **state) {
  (void)state;
  static const char sent[] = "\x8bLOPING1\x01\0\0\0\x28\0\0", usual[] = "\x8bLOPONG1\x01\0\0\0\x78\x56\x34",
                    failing[] = "\x8bLOPONG1\x01\x02\0\0\x78\x56\x34";
  struct protocol_facts facts;
  assert_int_equal(sizeof sent, 16);
  assert_int_equal(protocol_judge(QUESTION_HELLO, (const uint8_t *)sent, sizeof sent, (const uint8_t *)usual,
                                  sizeof usual, false, &facts),
                   PROTOCOL_ANSWER_ECHO);
  assert_false(facts.fails_on_purpose);
  assert_int_equal(protocol_judge(QUESTION_HELLO, (const uint8_t *)sent, sizeof sent, (const uint8_t *)failing,
                                  sizeof failing, false, &facts),
                   PROTOCOL_ANSWER_ECHO);
  assert_true(facts.fails_on_purpose);
}

static void questions_have_the_names_of_the_option(void **state) {
  (void)state;
  enum question question;
  static const char *const names[] = {"echo", "http", "tls", "postgres", "redis", "memcached", "dns", "none"};
  for (size_t i = 0; i < COUNT_OF(names); i++)
    assert_true(question_find(names[i], &question));
  assert_false(question_find("hello", &question));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_answer_has_its_protocol),
      cmocka_unit_test(every_question_that_comes_back_is_an_echo),
      cmocka_unit_test(a_part_of_a_request_that_comes_back_before_the_end_is_an_echo),
      cmocka_unit_test(questions_are_well_formed),
      cmocka_unit_test(a_welcome_tells_who_fails_on_purpose),
      cmocka_unit_test(questions_have_the_names_of_the_option),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
