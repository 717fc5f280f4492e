/* What is the head of a request, and what is not, at the edge of an unreadable page. */
#include "server/http/head.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

#define LINE "GET / HTTP/1.1\r\n"

static enum http_head_status parse(const char *text, struct http_head *head) {
  return http_head_parse(guard_page_place(text, strlen(text)), strlen(text), head);
}

static void whole_heads_partial_ones_and_others_are_told_apart(void **state) {
  static const struct {
    const char *text;
    enum http_head_status wanted;
  } cases[] = {
      {LINE "\r\n", HTTP_HEAD_WHOLE},
      {"GET / HTTP/1.0\r\n\r\n", HTTP_HEAD_WHOLE},
      {"HEAD /ping?x=%20 HTTP/1.1\r\nHost: localhost\r\n\r\n", HTTP_HEAD_WHOLE},
      {"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", HTTP_HEAD_WHOLE},
      {LINE "Empty:\r\n\r\n", HTTP_HEAD_WHOLE},
      {LINE "High: \xc3\xa4\xff\r\n\r\n", HTTP_HEAD_WHOLE},
      {"", HTTP_HEAD_PARTIAL},
      {"GET", HTTP_HEAD_PARTIAL},
      {"GET / HTT", HTTP_HEAD_PARTIAL},
      {LINE "Host: localhost\r\n", HTTP_HEAD_PARTIAL},
      {LINE "\r", HTTP_HEAD_PARTIAL},
      {"hello\r\n\r\n", HTTP_HEAD_NONE},
      {"get / HTTP/1.1\r\n\r\n", HTTP_HEAD_NONE},
      {" GET / HTTP/1.1\r\n\r\n", HTTP_HEAD_NONE},
      {"GET  / HTTP/1.1\r\n\r\n", HTTP_HEAD_NONE},
      {"GET /a b HTTP/1.1\r\n\r\n", HTTP_HEAD_NONE},
      {"GET / HTTP/1.2\r\n\r\n", HTTP_HEAD_NONE},
      {"GET / HTTP/2.0\r\n\r\n", HTTP_HEAD_NONE},
      {"GET / HTTP/1.1\n\n", HTTP_HEAD_NONE},
      {"GET /\r\n\r\n", HTTP_HEAD_NONE},
      {"ABCDEFGHIJKLMNOPQ / HTTP/1.1\r\n\r\n", HTTP_HEAD_NONE},
      {LINE "No colon\r\n\r\n", HTTP_HEAD_NONE},
      {LINE ": no name\r\n\r\n", HTTP_HEAD_NONE},
      {LINE "Host : localhost\r\n\r\n", HTTP_HEAD_NONE},
      {LINE "Folded: one\r\n two\r\n\r\n", HTTP_HEAD_NONE},
      {LINE "Control: \x01\r\n\r\n", HTTP_HEAD_NONE},
      {LINE "Bare: a\rb\r\n\r\n", HTTP_HEAD_NONE},
      {LINE "Bare: a\nb\r\n\r\n", HTTP_HEAD_NONE},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct http_head head;
    if (parse(cases[i].text, &head) != cases[i].wanted) fail_msg("not %d: %s", cases[i].wanted, cases[i].text);
  }
}

static void the_fields_are_as_they_came(void **state) {
  const char *text = "POST /a?b HTTP/1.0\r\nHost:  127.0.0.1:80 \t\r\nX: \r\nx: two\r\n\r\nGET / HTTP/1.1\r\n\r\n";
  struct http_head head;
  (void)state;
  assert_int_equal(parse(text, &head), HTTP_HEAD_WHOLE);
  assert_int_equal(head.length, strlen(text) - strlen("GET / HTTP/1.1\r\n\r\n"));
  assert_int_equal(head.minor, 0);
  assert_int_equal(head.field_count, 3);
  assert_true(http_text_is(&head.method, "POST"));
  assert_true(http_text_is(&head.target, "/a?b"));
  assert_true(http_text_is(http_head_find(&head, "hOST"), "127.0.0.1:80"));
  assert_int_equal(http_head_find(&head, "x")->length, 0);
  assert_int_equal(http_head_count(&head, "X"), 2);
  assert_null(http_head_find(&head, "Origin"));
}

static void every_shorter_beginning_is_partial(void **state) {
  const char *text = LINE "Host: localhost\r\nAccept: */*\r\n\r\n";
  struct http_head head;
  (void)state;
  for (size_t length = 0; length < strlen(text); length++)
    assert_int_equal(http_head_parse(guard_page_place(text, length), length, &head), HTTP_HEAD_PARTIAL);
}

/* Puts a head of `fields` fields of which the last is padded to `length` bytes in all. */
static char *make(size_t fields, size_t length) {
  char *text = malloc(length + 1);
  assert_non_null(text);
  strcpy(text, LINE);
  for (size_t i = 0; i + 1 < fields; i++)
    strcat(text, "A: b\r\n");
  strcat(text, "B: ");
  size_t used = strlen(text);
  memset(text + used, 'x', length - used - 4);
  memcpy(text + length - 4, "\r\n\r\n", 5);
  return text;
}

static void what_is_too_large_is_said_to_be(void **state) {
  static const struct {
    size_t fields, length;
    enum http_head_status wanted;
  } cases[] = {
      {1, HTTP_HEAD_BYTES_MAX, HTTP_HEAD_WHOLE}, {1, HTTP_HEAD_BYTES_MAX + 1, HTTP_HEAD_TOO_LARGE},
      {HTTP_FIELDS_MAX, 1000, HTTP_HEAD_WHOLE},  {HTTP_FIELDS_MAX + 1, 1000, HTTP_HEAD_TOO_LARGE},
      {100, 1000, HTTP_HEAD_TOO_LARGE},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct http_head head;
    char *text = make(cases[i].fields, cases[i].length);
    assert_int_equal(parse(text, &head), cases[i].wanted);
    free(text);
  }
}

static void a_browser_is_told_by_its_fields(void **state) {
  static const struct {
    const char *text;
    const char *wanted;
  } cases[] = {
      {LINE "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html\r\n\r\n", "User-Agent"},
      {LINE "user-agent: Lynx/2.9\r\nAccept: text/html, text/plain\r\n\r\n", "Accept"},
      {LINE "User-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n", NULL},
      {LINE "\r\n", NULL},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct http_head head;
    assert_int_equal(parse(cases[i].text, &head), HTTP_HEAD_WHOLE);
    const char *got = http_head_browser_evidence(&head);
    if (cases[i].wanted == NULL)
      assert_null(got);
    else
      assert_string_equal(got, cases[i].wanted);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whole_heads_partial_ones_and_others_are_told_apart),
      cmocka_unit_test(the_fields_are_as_they_came),
      cmocka_unit_test(every_shorter_beginning_is_partial),
      cmocka_unit_test(what_is_too_large_is_said_to_be),
      cmocka_unit_test(a_browser_is_told_by_its_fields),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
