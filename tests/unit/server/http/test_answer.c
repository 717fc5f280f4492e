/* Which answer each request gets. */
#include "server/http/answer.h"

#include <string.h>

#include "tests/unit/unit_test.h"

#define HOST "Host: 127.0.0.1:62893\r\n"
#define OWN  "Origin: http://127.0.0.1:62893\r\n"
#define EVIL "Origin: http://evil.example\r\n"
#define END  "\r\n"

static struct http_answer answer_to(const char *text) {
  struct http_head head;
  struct http_answer answer;
  assert_int_equal(http_head_parse((const uint8_t *)text, strlen(text), &head), HTTP_HEAD_WHOLE);
  http_answer_choose(&head, &answer);
  return answer;
}

static void each_request_gets_its_answer(void **state) {
  static const struct {
    const char *request;
    int status;
    enum http_content content;
    bool is_last;
  } cases[] = {
      {"GET / HTTP/1.1\r\n" HOST END, 200, HTTP_PAGE, false},
      {"GET /?a=b HTTP/1.1\r\n" HOST END, 200, HTTP_PAGE, false},
      {"GET / HTTP/1.0\r\n" HOST END, 200, HTTP_PAGE, true},
      {"GET / HTTP/1.1\r\n" HOST "Connection: close\r\n" END, 200, HTTP_PAGE, true},
      {"HEAD / HTTP/1.1\r\n" HOST END, 200, HTTP_PAGE, false},
      {"GET /ping HTTP/1.1\r\n" HOST OWN END, 200, HTTP_PING, false},
      {"GET /ping HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" END, 200, HTTP_PING, false},
      {"GET /events HTTP/1.1\r\n" HOST END, 200, HTTP_EVENTS, true},
      {"GET /events HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-origin\r\n" END, 200, HTTP_EVENTS, true},
      {"GET /ping HTTP/1.1\r\n" HOST "Sec-Fetch-Site: none\r\n" END, 200, HTTP_PING, false},
      {"GET / HTTP/1.1\r\n" HOST "Sec-Fetch-Site: cross-site\r\n" END, 200, HTTP_PAGE, false},
      {"GET /ping HTTP/1.1\r\n" HOST "Sec-Fetch-Site: cross-site\r\n" END, 403, HTTP_SENTENCE, true},
      {"GET /events HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-site\r\n" END, 403, HTTP_SENTENCE, true},
      {"GET /ping HTTP/1.1\r\n" HOST EVIL END, 403, HTTP_SENTENCE, true},
      {"GET /events HTTP/1.1\r\n" HOST EVIL END, 403, HTTP_SENTENCE, true},
      {"GET / HTTP/1.1\r\n" HOST EVIL END, 403, HTTP_SENTENCE, true},
      {"GET /ping HTTP/1.1\r\n" HOST "Origin: null\r\n" END, 403, HTTP_SENTENCE, true},
      {"GET /ping HTTP/1.1\r\n" HOST OWN EVIL END, 403, HTTP_SENTENCE, true},
      {"POST / HTTP/1.1\r\n" HOST EVIL "Content-Length: 3\r\n" END, 403, HTTP_SENTENCE, true},
      {"POST / HTTP/1.1\r\n" HOST OWN "Content-Length: 3\r\n" END, 405, HTTP_SENTENCE, true},
      {"OPTIONS /ping HTTP/1.1\r\n" HOST END, 405, HTTP_SENTENCE, true},
      {"BREW /ping HTTP/1.1\r\n" HOST END, 405, HTTP_SENTENCE, true},
      {"GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n" END, 400, HTTP_SENTENCE, true},
      {"GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 9\r\n" END, 400, HTTP_SENTENCE, true},
      {"GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n" END, 400, HTTP_SENTENCE, true},
      {"GET / HTTP/1.1\r\n" END, 400, HTTP_SENTENCE, true},
      {"GET / HTTP/1.1\r\n" HOST HOST END, 400, HTTP_SENTENCE, true},
      {"GET / HTTP/1.1\r\nHost: evil.example\r\n" END, 421, HTTP_SENTENCE, true},
      {"POST / HTTP/1.1\r\nHost: evil.example\r\n" END, 421, HTTP_SENTENCE, true},
      {"GET http://127.0.0.1/ HTTP/1.1\r\n" HOST END, 404, HTTP_SENTENCE, false},
      {"GET /nowhere HTTP/1.1\r\n" HOST END, 404, HTTP_SENTENCE, false},
      {"GET //ping HTTP/1.1\r\n" HOST END, 404, HTTP_SENTENCE, false},
      {"GET /nowhere HTTP/1.0\r\n" HOST END, 404, HTTP_SENTENCE, true},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct http_answer answer = answer_to(cases[i].request);
    if (answer.status != cases[i].status || answer.content != cases[i].content || answer.is_last != cases[i].is_last)
      fail_msg("status %d, content %d, last %d: %s", answer.status, answer.content, answer.is_last, cases[i].request);
  }
}

static void every_answer_has_the_strict_fields_and_none_for_other_sites(void **state) {
  static const char *const requests[] = {
      "GET / HTTP/1.1\r\n" HOST END,           "GET /ping HTTP/1.1\r\n" HOST END,
      "GET /events HTTP/1.1\r\n" HOST END,     "GET /nowhere HTTP/1.1\r\n" HOST END,
      "POST /ping HTTP/1.1\r\n" HOST EVIL END, "GET / HTTP/1.1\r\nHost: x\r\n" END,
  };
  static const char *const wanted[] = {
      "Content-Security-Policy: default-src 'none'; ",
      "frame-ancestors 'none'",
      "\r\nX-Content-Type-Options: nosniff\r\n",
      "\r\nX-Frame-Options: DENY\r\n",
      "\r\nReferrer-Policy: no-referrer\r\n",
      "\r\nCache-Control: no-store\r\n",
      "\r\nCross-Origin-Resource-Policy: same-origin\r\n",
      "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
      "; charset=utf-8\r\n",
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(requests); i++) {
    char head[HTTP_ANSWER_HEAD_SIZE + 1];
    struct http_buffer buffer = {.bytes = head, .size = HTTP_ANSWER_HEAD_SIZE};
    struct http_answer answer = answer_to(requests[i]);
    http_answer_put_head(&buffer, &answer, 5);
    assert_false(buffer.is_full);
    head[buffer.length] = '\0';
    for (size_t field = 0; field < COUNT_OF(wanted); field++)
      if (strstr(head, wanted[field]) == NULL) fail_msg("without %s: %s", wanted[field], head);
    assert_null(strstr(head, "Access-Control"));
    assert_null(strstr(head, "unsafe"));
    assert_non_null(strstr(head, "\r\n\r\n"));
    assert_int_equal(strstr(head, "Content-Length: 5\r\n") == NULL, answer.content == HTTP_EVENTS);
    assert_int_equal(strstr(head, "Allow: GET, HEAD\r\n") != NULL, answer.status == 405);
  }
}

static void refusals_of_no_request_end_the_connection(void **state) {
  static const struct {
    enum http_refusal refusal;
    int status;
  } cases[] = {{HTTP_NO_REQUEST, 400}, {HTTP_HEAD_TOO_MUCH, 431}, {HTTP_NO_PLACE, 503}, {HTTP_NO_MEMORY, 503}};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct http_answer answer;
    http_answer_refuse(cases[i].refusal, &answer);
    assert_int_equal(answer.status, cases[i].status);
    assert_true(answer.is_last);
    assert_non_null(answer.text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_request_gets_its_answer),
      cmocka_unit_test(every_answer_has_the_strict_fields_and_none_for_other_sites),
      cmocka_unit_test(refusals_of_no_request_end_the_connection),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
