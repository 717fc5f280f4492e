/* Two explanations side by side, and what tells two words apart. */
#include <stdlib.h>
#include <string.h>

#include "client/explain/differences.h"
#include "client/explain/side_by_side.h"
#include "tests/unit/unit_test.h"

struct page {
  char text[4096];
  size_t length;
};

static void put(void *owner, const char *bytes, size_t length) {
  struct page *page = owner;
  assert_true(page->length + length < sizeof page->text);
  memcpy(page->text + page->length, bytes, length);
  page->length += length;
  page->text[page->length] = '\0';
}

static const char *joined(struct page *page, const char *left, const char *right, size_t columns) {
  const char *const texts[2] = {left, right};
  page->length = 0;
  page->text[0] = '\0';
  assert_int_equal(side_by_side_write(texts, columns, put, page), 0);
  return page->text;
}

static void lines_stand_beside_each_other(void **state) {
  (void)state;
  struct page page;
  assert_string_equal(joined(&page, "one\ntwo\n", "three\n", 71), "one                                  three\ntwo\n");
  assert_string_equal(joined(&page, "one\n", "two\nthree\n", 71),
                      "one                                  two\n                                     three\n");
  assert_string_equal(joined(&page, "", "", 71), "");
}

static void a_narrow_page_has_one_below_the_other(void **state) {
  (void)state;
  struct page page;
  assert_string_equal(joined(&page, "one\n", "two\n", 70), "one\n\ntwo\n");
}

/* A command that is wider than its half is not broken, and has its row alone. */
static void what_is_too_wide_has_its_row_alone(void **state) {
  (void)state;
  struct page page;
  const char *wide = "What to do:\n  - nft insert rule inet filter input 'iif lo tcp dport 62893 accept'\n";
  const char *text = joined(&page, wide, "one\ntwo\nthree\nfour\n", 80);
  assert_non_null(strstr(text, "  - nft insert rule inet filter input 'iif lo tcp dport 62893 accept'\n"));
  assert_non_null(strstr(text, "three"));
  assert_non_null(strstr(text, "four"));
}

static void differences_do_not_ask_for_an_order(void **state) {
  (void)state;
  assert_non_null(difference_of("127.0.0.1", "0.0.0.0"));
  assert_ptr_equal(difference_of("127.0.0.1", "0.0.0.0"), difference_of("0.0.0.0", "127.0.0.1"));
  assert_null(difference_of("127.0.0.1", "127.0.0.1"));
  assert_null(difference_of("latency", "tcp"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_stand_beside_each_other),
      cmocka_unit_test(a_narrow_page_has_one_below_the_other),
      cmocka_unit_test(what_is_too_wide_has_its_row_alone),
      cmocka_unit_test(differences_do_not_ask_for_an_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
