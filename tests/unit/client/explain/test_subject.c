/* What a word on the command line of `loping explain` is taken for. */
#include "client/explain/subject.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static void each_form_is_taken_for_what_it_is(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum subject_kind kind;
    const char *word; /* of a row */
    uint16_t port;
  } cases[] = {
      {"62893", SUBJECT_PORT, NULL, 62893},
      {"0", SUBJECT_PORT, NULL, 0},
      {"62893/tcp", SUBJECT_PORT, NULL, 62893},
      {"port 53", SUBJECT_PORT, NULL, 53},
      {":8080", SUBJECT_PORT, NULL, 8080},
      {"65536", SUBJECT_NOT_A_PORT, NULL, 0},
      {"99999999999999999999", SUBJECT_NOT_A_PORT, NULL, 0},
      {"errno 111", SUBJECT_WORD, "ECONNREFUSED", 0},
      {"errno=111", SUBJECT_WORD, "ECONNREFUSED", 0},
      {"ERRNO 111", SUBJECT_WORD, "ECONNREFUSED", 0},
      {"error 13", SUBJECT_WORD, "EACCES", 0},
      {"-111", SUBJECT_WORD, "ECONNREFUSED", 0},
      {"error 10048", SUBJECT_WORD, "EADDRINUSE", 0},
      {"errno 10061", SUBJECT_WORD, "ECONNREFUSED", 0},
      {"error 10013", SUBJECT_WORD, "EACCES", 0},
      {"error 11001", SUBJECT_WORD, "EAI_NONAME", 0},
      {"error 10099", SUBJECT_CODE, NULL, 0},
      {"10048", SUBJECT_PORT, NULL, 10048},
      {"WSAEADDRINUSE", SUBJECT_WORD, "EADDRINUSE", 0},
      {"wsaeacces", SUBJECT_WORD, "EACCES", 0},
      {"errno 18", SUBJECT_CODE, NULL, 0},
      {"errno 0", SUBJECT_NONE, NULL, 0},
      {"errno 999999", SUBJECT_NONE, NULL, 0},
      {"errno", SUBJECT_NONE, NULL, 0},
      {"econnrefused", SUBJECT_WORD, "ECONNREFUSED", 0},
      {"exdev", SUBJECT_CODE, NULL, 0},
      {"blocked", SUBJECT_WORD, "blocked", 0},
      {"port", SUBJECT_WORD, "port", 0},
      {"127.0.0.1", SUBJECT_ADDRESS, NULL, 0},
      {"::", SUBJECT_ADDRESS, NULL, 0},
      {"::1", SUBJECT_ADDRESS, NULL, 0},
      {"[::1]", SUBJECT_ADDRESS, NULL, 0},
      {"fe80::1", SUBJECT_ADDRESS, NULL, 0},
      {"127.0.0.1:62893", SUBJECT_PLACE, NULL, 62893},
      {"[::1]:80", SUBJECT_PLACE, NULL, 80},
      {"127.0.0.1:3000/path", SUBJECT_PLACE, NULL, 3000},
      {"http://127.0.0.1/", SUBJECT_PLACE, NULL, 80},
      {"62893/udp", SUBJECT_PORT, NULL, 62893},
      {"::1:8080", SUBJECT_NEEDS_BRACKETS, NULL, 0},
      {"127.0.0.1:70000", SUBJECT_NONE, NULL, 0},
      {"127.0.0.0/8", SUBJECT_NETWORK, NULL, 0},
      {"127.0.0.1.1", SUBJECT_NONE, NULL, 0},
      {"localhost", SUBJECT_NONE, NULL, 0},
      {"", SUBJECT_NONE, NULL, 0},
      {"-", SUBJECT_NONE, NULL, 0},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct subject subject;
    subject_read(cases[i].text, &subject);
    if (subject.kind != cases[i].kind) fail_msg("'%s': wanted %d, got %d", cases[i].text, cases[i].kind, subject.kind);
    if (cases[i].word != NULL && strcmp(subject.word->name, cases[i].word) != 0)
      fail_msg("'%s': wanted %s, got %s", cases[i].text, cases[i].word, subject.word->name);
    if ((cases[i].kind == SUBJECT_PORT || cases[i].kind == SUBJECT_PLACE) && subject.port != cases[i].port)
      fail_msg("'%s': wanted port %u, got %u", cases[i].text, cases[i].port, subject.port);
  }
}

static void only_a_number_alone_is_bare(void **state) {
  (void)state;
  struct subject subject;
  subject_read("111", &subject);
  assert_true(subject.is_bare_number);
  static const char *const said_to_be_ports[] = {"port 111", "111/tcp", ":111", "127.0.0.1:111"};
  for (size_t i = 0; i < COUNT_OF(said_to_be_ports); i++) {
    subject_read(said_to_be_ports[i], &subject);
    if (subject.is_bare_number) fail_msg("'%s' says that it is a port", said_to_be_ports[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_form_is_taken_for_what_it_is),
      cmocka_unit_test(only_a_number_alone_is_bare),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
