/* The results inside pages. */
#include "client/compare/page_results.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit_test.h"

#define RESULT(text) "<script type=\"application/json\" class=\"loping-result\" data-name=\"\">" text "</script>"

static void results_are_found_and_counted(void **state) {
  (void)state;
  static const struct {
    const char *page;
    size_t count;
    const char *first;
  } cases[] = {
      {"<!DOCTYPE html><p>" RESULT("{\"a\":1}") "</p>", 1, "{\"a\":1}"},
      {RESULT("{}") RESULT("[]") RESULT("x"), 3, "{}"},
      {"<!DOCTYPE html><script>1</script>", 0, NULL},
      {"<script type=\"application/json\" class=\"loping-result\"", 0, NULL},
      {"<script type=\"application/json\" class=\"loping-result\">{", 0, NULL},
      {"", 0, NULL},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    size_t length = strlen(cases[i].page), found = 0;
    /* Exactly as long as it is: a look beyond it is found by the sanitizer. */
    char *page = malloc(length + 1);
    const char *first = NULL;
    assert_non_null(page);
    memcpy(page, cases[i].page, length);
    assert_int_equal(page_results(page, length, &first, &found), cases[i].count);
    if (cases[i].first != NULL) {
      assert_int_equal(found, strlen(cases[i].first));
      assert_memory_equal(first, cases[i].first, found);
    }
    free(page);
  }
}

static void a_page_is_known_by_its_beginning(void **state) {
  (void)state;
  assert_true(page_begins("<!DOCTYPE html>\n<html", 21));
  assert_false(page_begins("<!DOCTYPE html", 14));
  assert_false(page_begins("{\"schema_version\":1}", 20));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(results_are_found_and_counted),
      cmocka_unit_test(a_page_is_known_by_its_beginning),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
