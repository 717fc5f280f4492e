/* Findings: which bytes show which mistake, and which show none. */
#include "client/grade/findings.h"

#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

#define TEXT(bytes) (const uint8_t *)(bytes), sizeof(bytes) - 1

struct one {
  const uint8_t *sent;
  size_t sent_bytes;
  const uint8_t *came;
  size_t came_bytes;
  size_t first_bytes;
  enum echo_end end;
  enum mistake mistake;
};

static void expect(const struct one *one, bool is_datagram, bool is_more) {
  struct finding finding = {.mistake = MISTAKE_NONE};
  struct echo_facts facts = {.sent = one->sent,
                             .sent_bytes = one->sent_bytes,
                             .first_bytes = one->first_bytes,
                             .came = one->came,
                             .came_bytes = one->came_bytes,
                             .end = one->end,
                             .is_datagram = is_datagram,
                             .is_more_than_sent = is_more};
  bool is_same = findings_compare(&facts, &finding);
  assert_int_equal(is_same, one->mistake == MISTAKE_NONE);
  assert_string_equal(mistake_name(one->mistake), mistake_name(finding.mistake));
}

static void bytes_show_the_mistake(void **state) {
  (void)state;
  static const struct one cases[] = {
      {TEXT("one two"), TEXT("one two"), 3, ECHO_ENOUGH, MISTAKE_NONE},
      {TEXT("one two"), TEXT("one two and more"), 0, ECHO_ENOUGH, MISTAKE_NONE},
      {TEXT("one two"), TEXT(""), 0, ECHO_SILENT, MISTAKE_NO_REPLY},
      {TEXT("one two"), TEXT(""), 0, ECHO_ENDED, MISTAKE_CLOSES_WITHOUT_REPLY},
      {TEXT("one\0two"), TEXT("one"), 0, ECHO_SILENT, MISTAKE_STOPS_AT_NUL},
      {TEXT("one\xfftwo"), TEXT("one"), 0, ECHO_ENDED, MISTAKE_STOPS_AT_BYTE_255},
      {TEXT("one\x04two"), TEXT("one"), 0, ECHO_ENDED, MISTAKE_STOPS_AT_BYTE},
      {TEXT("one\ntwo"), TEXT("one\n"), 0, ECHO_SILENT, MISTAKE_DROPS_AFTER_NEWLINE},
      {TEXT("one\ntwo"), TEXT("one"), 0, ECHO_SILENT, MISTAKE_DROPS_AFTER_NEWLINE},
      {TEXT("onetwo"), TEXT("one\ntwo"), 3, ECHO_ENOUGH, MISTAKE_ADDS_NEWLINE},
      {TEXT("onetwo"), TEXT("one\r\ntw"), 3, ECHO_ENOUGH, MISTAKE_ADDS_NEWLINE},
      {TEXT("onetwo"), TEXT("one\0two"), 3, ECHO_ENOUGH, MISTAKE_ADDS_NUL},
      {TEXT("one\ntwo"), TEXT("one\r\ntwo"), 0, ECHO_ENOUGH, MISTAKE_CHANGES_LINE_ENDS},
      {TEXT("one\r\ntwo"), TEXT("one\ntwo"), 0, ECHO_ENOUGH, MISTAKE_CHANGES_LINE_ENDS},
      {TEXT("one \r\n"), TEXT("one"), 0, ECHO_SILENT, MISTAKE_STRIPS_LINE_END},
      {TEXT("one two"), TEXT("onetwo"), 3, ECHO_SILENT, MISTAKE_STRIPS_LINE_END},
      {TEXT("one two"), TEXT("ONE TWO"), 3, ECHO_ENOUGH, MISTAKE_CHANGES_LETTERS},
      {TEXT("\x80\x81\x41"), TEXT("\x00\x01\x41"), 0, ECHO_ENOUGH, MISTAKE_STRIPS_HIGH_BIT},
      {TEXT("\x80\x81"), TEXT("\xef\xbf\xbd"), 0, ECHO_ENOUGH, MISTAKE_TAKES_BYTES_FOR_TEXT},
      {TEXT("onetwo"), TEXT("You said: oneYou"), 3, ECHO_ENOUGH, MISTAKE_ADDS_WORDS_BEFORE},
      {TEXT("onetwo"), TEXT("Hello!\nonetwo"), 3, ECHO_ENOUGH, MISTAKE_SPEAKS_FIRST},
      {TEXT("onetwo"), TEXT("one"), 3, ECHO_ENDED, MISTAKE_CLOSES_AFTER_ONE},
      {TEXT("onetwo"), TEXT("onet"), 0, ECHO_RESET, MISTAKE_ONE_RECV},
      {TEXT("onetwo"), TEXT("onet"), 0, ECHO_SILENT, MISTAKE_KEEPS_BACK},
      {TEXT("onetwo"), TEXT("no echo"), 3, ECHO_ENOUGH, MISTAKE_DIFFERS},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    expect(&cases[i], false, false);
}

static void a_datagram_has_an_end_of_its_own(void **state) {
  (void)state;
  static const struct one cases[] = {
      {TEXT("one"), TEXT("one"), 0, ECHO_ENOUGH, MISTAKE_NONE},
      {TEXT(""), TEXT(""), 0, ECHO_ENOUGH, MISTAKE_NONE},
      {TEXT("one"), TEXT("one\n"), 0, ECHO_ENOUGH, MISTAKE_ADDS_NEWLINE},
      {TEXT("one"), TEXT("one\0"), 0, ECHO_ENOUGH, MISTAKE_ADDS_NUL},
      {TEXT("one"), TEXT("one, two"), 0, ECHO_ENOUGH, MISTAKE_SENDS_WHOLE_BUFFER},
      {TEXT("onetwo"), TEXT("onet"), 0, ECHO_ENOUGH, MISTAKE_CUTS_DATAGRAMS},
      {TEXT("one\0two"), TEXT("one"), 0, ECHO_ENOUGH, MISTAKE_STOPS_AT_NUL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    expect(&cases[i], true, false);
}

/* What came before anything more was sent is no answer to it. */
static void more_than_was_sent_is_a_whole_buffer(void **state) {
  (void)state;
  const struct one one = {TEXT("onetwo"), TEXT("one, and zeros"), 3, ECHO_ENOUGH, MISTAKE_SENDS_WHOLE_BUFFER};
  const struct one other = {TEXT("onetwo"), TEXT("one, and zeros"), 3, ECHO_ENOUGH, MISTAKE_DIFFERS};
  expect(&one, false, true);
  expect(&other, false, false);
}

/* Each place of a long message is known by what stands there. */
static void a_hole_and_a_repetition_are_told_apart(void **state) {
  (void)state;
  enum { LENGTH = 80000, AT = 40000, MOVED = 8000 };
  static uint8_t sent[LENGTH], came[LENGTH];
  for (size_t i = 0; i < LENGTH; i++)
    sent[i] = (uint8_t)('0' + (i % 8 < 7 ? i / 8 >> 2 * (i % 8) & 3 : 9));
  memcpy(came, sent, AT);
  memcpy(came + AT, sent + AT + MOVED, LENGTH - AT - MOVED);
  const struct one hole = {sent, LENGTH, came, LENGTH - MOVED, 0, ECHO_SILENT, MISTAKE_SHORT_WRITE};
  expect(&hole, false, false);
  memcpy(came + AT, sent, LENGTH - AT);
  const struct one again = {sent, LENGTH, came, LENGTH, 0, ECHO_ENOUGH, MISTAKE_SENDS_TWICE};
  expect(&again, false, false);
}

static void every_mistake_has_a_name_of_its_own(void **state) {
  (void)state;
  for (int i = 0; i < MISTAKES; i++) {
    assert_non_null(mistake_name((enum mistake)i));
    for (int j = 0; j < i; j++)
      assert_string_not_equal(mistake_name((enum mistake)j), mistake_name((enum mistake)i));
  }
}

static void bytes_are_quoted(void **state) {
  (void)state;
  char out[FINDING_BYTES_SIZE];
  uint8_t worst[100];
  memset(worst, 0x1b, sizeof worst);
  assert_string_equal(finding_quote(TEXT("a\n\0\x1b\""), out), "\"a\\n\\0\\x1b\\x22\"");
  assert_string_equal(finding_quote(TEXT(""), out), "nothing");
  finding_quote(worst, sizeof worst, out);
  assert_true(strlen(out) < sizeof out && strstr(out, "\" ...") != NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bytes_show_the_mistake),
      cmocka_unit_test(a_datagram_has_an_end_of_its_own),
      cmocka_unit_test(more_than_was_sent_is_a_whole_buffer),
      cmocka_unit_test(a_hole_and_a_repetition_are_told_apart),
      cmocka_unit_test(every_mistake_has_a_name_of_its_own),
      cmocka_unit_test(bytes_are_quoted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
