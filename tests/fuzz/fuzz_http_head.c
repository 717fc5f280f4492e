/*
 * What a browser sends, or anybody else, as the server of --http reads it: the head, the rules of who is answered, and
 * the page, in which nothing of it may be anything but text.
 */
#include <string.h>

#include "server/http/answer.h"
#include "server/http/host.h"
#include "server/http/page.h"
#include "tests/fuzz/fuzz.h"

#define LINE "GET / HTTP/1.1\r\n"
#define HOST "Host: 127.0.0.1:62893\r\n"
#define MANY "A: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\n"

FUZZ_SEEDS(FUZZ_SEED(LINE HOST "User-Agent: Mozilla/5.0\r\nAccept: text/html\r\n\r\n"),
           FUZZ_SEED(LINE "Host: a.localhost:80\r\nAccept: text/html\r\nConnection: close\r\n\r\n"),
           FUZZ_SEED("GET /ping?x HTTP/1.0\r\nHost: [::1]:80\r\nOrigin: http://[::1]:80\r\n\r\nGET /"),
           FUZZ_SEED("GET /events HTTP/1.1\r\n" HOST "Sec-Fetch-Site: same-origin\r\n\r\n"),
           FUZZ_SEED("POST / HTTP/1.1\r\n" HOST "Origin: null\r\nContent-Length: 3\r\n\r\nabc"),
           FUZZ_SEED("HEAD /x HTTP/1.1\r\n" HOST "Cookie: a=b\r\nX: <script>\"'&\xff\r\n\r\n"),
           FUZZ_SEED(LINE HOST "Transfer-Encoding: chunked\r\n\r\n"), FUZZ_SEED("PUT / HTTP/1.1\r\n" HOST "\r\n"),
           FUZZ_SEED(LINE "Host: 127.0.0.1.evil.example\r\n\r\n"), FUZZ_SEED(LINE "Host: [::1].x:1\r\n\r\n"),
           FUZZ_SEED(LINE MANY MANY MANY MANY MANY MANY HOST "\r\n"), FUZZ_SEED("GET / HT"), FUZZ_SEED("hello\r\n\r\n"),
           FUZZ_SEED(LINE "Folded: a\r\n b\r\n\r\n"), FUZZ_SEED(LINE HOST "Host: localhost\r\n\r\n"));

static size_t count_of(const struct http_buffer *page, const char *part) {
  size_t count = 0, length = strlen(part);
  for (size_t at = 0; at + length <= page->length; at++)
    count += memcmp(page->bytes + at, part, length) == 0;
  return count;
}

/* Whatever came, the page has the tags of its own file and no others; each field adds a row. */
static void check_page(const struct http_head *head) {
  static const struct http_counts counts;
  struct http_buffer page = {.bytes = malloc(HTTP_PAGE_SIZE), .size = HTTP_PAGE_SIZE};
  FUZZ_CHECK(page.bytes != NULL);
  http_page_put(&page, &(struct http_page_facts){head, "127.0.0.1:62893", "62893", &counts});
  FUZZ_CHECK(!page.is_full);
  FUZZ_CHECK(count_of(&page, "<script") == 1 && count_of(&page, "<style") == 1 && count_of(&page, "<img") == 0);
  FUZZ_CHECK(count_of(&page, "<th scope=\"row\">") == head->field_count);
  for (size_t i = 0; i < page.length; i++)
    FUZZ_CHECK((unsigned char)page.bytes[i] >= ' ' || page.bytes[i] == '\n');
  free(page.bytes);
}

static void check_answer(const struct http_head *head) {
  char bytes[HTTP_ANSWER_HEAD_SIZE];
  struct http_buffer buffer = {.bytes = bytes, .size = sizeof bytes};
  struct http_answer answer;
  const struct http_text *host = http_head_find(head, "Host");
  http_answer_choose(head, &answer);
  http_answer_put_head(&buffer, &answer, 7);
  FUZZ_CHECK(!buffer.is_full && buffer.length > 0);
  FUZZ_CHECK(answer.status != 200 || (host != NULL && http_host_is_loopback(host)));
  FUZZ_CHECK((answer.status == 200) == (answer.content != HTTP_SENTENCE));
  FUZZ_CHECK(answer.content == HTTP_PAGE || answer.content == HTTP_EVENTS || answer.text != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  struct http_head head;
  /* Of its own size, so that a byte too many is seen. */
  uint8_t *bytes = malloc(length > 0 ? length : 1);
  FUZZ_CHECK(bytes != NULL);
  if (length > 0) memcpy(bytes, input, length);
  enum http_head_status status = http_head_parse(bytes, length, &head);
  if (status == HTTP_HEAD_WHOLE) {
    FUZZ_CHECK(head.length <= length && head.length <= HTTP_HEAD_BYTES_MAX && head.field_count <= HTTP_FIELDS_MAX);
    FUZZ_CHECK(memcmp(bytes + head.length - 4, "\r\n\r\n", 4) == 0);
    /* What follows changes nothing, and less is not whole. */
    FUZZ_CHECK(http_head_parse(bytes, head.length, &head) == HTTP_HEAD_WHOLE);
    FUZZ_CHECK(http_head_parse(bytes, head.length - 1, &head) == HTTP_HEAD_PARTIAL);
    FUZZ_CHECK(http_head_parse(bytes, length, &head) == HTTP_HEAD_WHOLE);
    (void)http_head_browser_evidence(&head);
    check_answer(&head);
    check_page(&head);
  }
  free(bytes);
  return 0;
}
