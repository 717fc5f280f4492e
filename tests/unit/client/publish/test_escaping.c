/* Texts from outside in HTML, SVG, XML and Markdown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/charts/markup.h"
#include "client/publish/junit.h"
#include "client/publish/markdown_text.h"
#include "tests/unit/unit_test.h"

static void expect_written(void (*write)(FILE *, const char *), const char *text, const char *expected) {
  char *written = NULL;
  size_t length;
  FILE *out = open_memstream(&written, &length);
  assert_non_null(out);
  write(out, text);
  fclose(out);
  assert_string_equal(written, expected);
  free(written);
}

static void markup_has_no_markup_of_others(void **state) {
  (void)state;
  expect_written(markup_write, "a<b>&\"'c", "a&lt;b&gt;&amp;&quot;&#39;c");
  expect_written(markup_write, "\x1b[31mred\x07", "\\x1b[31mred\\x07");
  expect_written(markup_write, "\xff\xfe", "\\xff\\xfe");
  expect_written(markup_write, "\xe2\x80\xae", "\\xe2\\x80\\xae");
  expect_written(markup_write, "caf\xc3\xa9", "caf\xc3\xa9");
}

static void markdown_has_no_markup_of_others(void **state) {
  (void)state;
  expect_written(markdown_write, "a|b *c* [d](e) <f> @g #1", "a\\|b \\*c\\* \\[d\\](e) \\<f\\> \\@g \\#1");
  expect_written(markdown_write, "one\ntwo", "one two");
  expect_written(markdown_write, "`x`\\", "\\`x\\`\\\\");
}

static void a_case_says_what_failed(void **state) {
  (void)state;
  const struct junit_case cases[] = {{"p99>1us", "p99 is 2 us & more"}, {"sound", NULL}};
  char *document = junit_make("loping", cases, 2);
  assert_non_null(document);
  assert_non_null(strstr(document, "<testsuites tests=\"2\" failures=\"1\">"));
  assert_non_null(strstr(document, "name=\"p99&gt;1us\">"));
  assert_non_null(strstr(document, "p99 is 2 us &amp; more</failure>"));
  assert_non_null(strstr(document, "name=\"sound\"/>"));
  free(document);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(markup_has_no_markup_of_others),
      cmocka_unit_test(markdown_has_no_markup_of_others),
      cmocka_unit_test(a_case_says_what_failed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
