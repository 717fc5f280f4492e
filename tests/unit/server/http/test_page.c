/* The page and its events: what came from outside is text, nothing else leaves a hole, and figures are what was noted.
 */
#include "server/http/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit_test.h"

#define LINE "GET /?<b>&'\" HTTP/1.1\r\n"

/* The caller frees it. */
static char *page_of(const char *request, bool *is_full) {
  struct http_head head;
  struct http_counts counts = {.stats = {.messages = 1234}};
  struct http_buffer buffer = {.bytes = malloc(HTTP_PAGE_SIZE + 1), .size = HTTP_PAGE_SIZE};
  assert_non_null(buffer.bytes);
  assert_int_equal(http_head_parse((const uint8_t *)request, strlen(request), &head), HTTP_HEAD_WHOLE);
  http_page_put(&buffer, &(struct http_page_facts){&head, "127.0.0.1:4711", "4711", &counts});
  buffer.bytes[buffer.length] = '\0';
  *is_full = buffer.is_full;
  return buffer.bytes;
}

static void what_the_browser_sent_is_text(void **state) {
  static const struct {
    const char *value;
    const char *wanted;
  } cases[] = {
      {"plain", "plain"},
      {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
      {"\"><img src=x onerror='1'>", "&quot;&gt;&lt;img src=x onerror=&#39;1&#39;&gt;"},
      {"a & b &lt;", "a &amp; b &amp;lt;"},
      {"{{script}}", "{{script}}"},
      {"\xff<", "\\xff&lt;"},
      {"\xc3\xa4", "\xc3\xa4"},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char request[256], cell[256];
    bool is_full;
    snprintf(request, sizeof request, LINE "X-Evil: %s\r\n\r\n", cases[i].value);
    snprintf(cell, sizeof cell, "<th scope=\"row\">X-Evil</th><td>%s</td>", cases[i].wanted);
    char *page = page_of(request, &is_full);
    assert_false(is_full);
    if (strstr(page, cell) == NULL) fail_msg("without %s", cell);
    assert_non_null(strstr(page, "GET /?&lt;b&gt;&amp;&#39;&quot; HTTP/1.1"));
    free(page);
  }
}

static void text_that_turns_or_hides_is_escaped(void **state) {
  char bytes[64];
  struct http_buffer buffer = {.bytes = bytes, .size = sizeof bytes};
  const struct http_text turning = {
      "a\xe2\x80\xae"
      "b",
      5};
  (void)state;
  http_put_escaped(&buffer, &turning);
  assert_null(memchr(bytes, '\xe2', buffer.length));
}

static void the_page_has_its_parts_and_no_holes(void **state) {
  static const char *const wanted[] = {"<title>lopong on 127.0.0.1:4711</title>", "<code>loping 4711</code>",
                                       "data-counter=\"messages\">1,234<", "\"use strict\"",
                                       "color-scheme: light dark"};
  bool is_full;
  char *page = page_of("GET / HTTP/1.1\r\n\r\n", &is_full);
  (void)state;
  for (size_t i = 0; i < COUNT_OF(wanted); i++)
    if (strstr(page, wanted[i]) == NULL) fail_msg("without %s", wanted[i]);
  assert_null(strstr(page, "{{"));
  free(page);
}

static void cookies_are_not_shown(void **state) {
  bool is_full;
  char *page = page_of("GET / HTTP/1.1\r\nCookie: session=secret\r\nauthorization: Basic secret\r\n\r\n", &is_full);
  (void)state;
  assert_null(strstr(page, "secret"));
  assert_non_null(strstr(page, "<em>14 bytes that are not shown"));
  free(page);
}

static void the_largest_head_fits_whatever_it_is(void **state) {
  static const char fillings[] = {'"', '\xff', '&', 'x'};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(fillings); i++) {
    char request[HTTP_HEAD_BYTES_MAX + 1] = "GET / HTTP/1.1\r\nA: ";
    size_t used = strlen(request);
    bool is_full;
    memset(request + used, fillings[i], HTTP_HEAD_BYTES_MAX - used - 4);
    memcpy(request + HTTP_HEAD_BYTES_MAX - 4, "\r\n\r\n", 5);
    free(page_of(request, &is_full));
    assert_false(is_full);
  }
}

static void what_does_not_fit_is_said_not_to(void **state) {
  char bytes[8];
  struct http_buffer buffer = {.bytes = bytes, .size = sizeof bytes};
  (void)state;
  http_put(&buffer, "12345678", 8);
  assert_false(buffer.is_full);
  http_put(&buffer, "9", 1);
  assert_true(buffer.is_full);
  assert_int_equal(buffer.length, 8);
}

static void an_event_has_the_counters_and_the_native_figures(void **state) {
  char event[2048];
  struct http_buffer buffer = {.bytes = event, .size = sizeof event - 1};
  struct http_counts counts = {.run_ns = 7, .stats = {.open_connections = 2, .messages = UINT64_MAX}};
  (void)state;
  http_counts_put_event(&buffer, &counts);
  event[buffer.length] = '\0';
  assert_non_null(strstr(event, "data: {\"run_ns\":7,\"open_connections\":2,\"connections\":0,"));
  assert_non_null(strstr(event, "\"messages\":18446744073709551615,"));
  assert_non_null(strstr(event, "\"native\":null}\n\n"));
  counts.native = (struct http_native){3, 10, 20, 30, 40};
  buffer.length = 0;
  http_counts_put_event(&buffer, &counts);
  event[buffer.length] = '\0';
  assert_non_null(strstr(event,
                         "\"native\":{\"count\":3,\"legs_least_ns\":10,\"legs_median_ns\":20,\"steps_least_ns\":30,"
                         "\"steps_median_ns\":40}}\n\n"));
}

static void a_round_trip_is_bounded_from_both_sides(void **state) {
  struct http_native_times times = {0};
  struct http_native native;
  (void)state;
  http_native_summarise(&times, &native);
  assert_int_equal(native.count, 0);
  /* Sent at 1000, 2000, ...; answered 300, 301, ... later. */
  for (uint64_t i = 1; i <= 3; i++)
    http_native_note(&times, i * 1000, i * 1000 + 299 + i);
  http_native_note(&times, 5000, 4000);           /* another clock */
  http_native_note(&times, 5000, UINT64_MAX / 2); /* no stamp */
  http_native_summarise(&times, &native);
  assert_int_equal(native.count, 3);
  assert_int_equal(native.legs_least_ns, 300);
  assert_int_equal(native.legs_median_ns, 301);
  assert_int_equal(native.steps_least_ns, 1000);
  assert_int_equal(native.steps_median_ns, 1000);
  /* Sent before the one before was answered: nothing is known of the whole any more. */
  http_native_note(&times, 3100, 3500);
  http_native_summarise(&times, &native);
  assert_int_equal(native.count, 4);
  assert_int_equal(native.steps_median_ns, 0);
}

static void only_the_last_messages_count(void **state) {
  static struct http_native_times times;
  struct http_native native;
  (void)state;
  for (uint64_t i = 1; i <= HTTP_NATIVE_KEPT * 3; i++)
    http_native_note(&times, i * 1000, i * 1000 + (i <= HTTP_NATIVE_KEPT ? 1 : 500));
  http_native_summarise(&times, &native);
  assert_int_equal(native.count, HTTP_NATIVE_KEPT);
  assert_int_equal(native.legs_least_ns, 500);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_the_browser_sent_is_text),
      cmocka_unit_test(text_that_turns_or_hides_is_escaped),
      cmocka_unit_test(the_page_has_its_parts_and_no_holes),
      cmocka_unit_test(cookies_are_not_shown),
      cmocka_unit_test(the_largest_head_fits_whatever_it_is),
      cmocka_unit_test(what_does_not_fit_is_said_not_to),
      cmocka_unit_test(an_event_has_the_counters_and_the_native_figures),
      cmocka_unit_test(a_round_trip_is_bounded_from_both_sides),
      cmocka_unit_test(only_the_last_messages_count),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
