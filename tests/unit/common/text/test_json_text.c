/* Texts of any bytes as JSON. */
#include "common/text/json_text.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static void expect(const char *text, const char *wanted) {
  json_t *value = json_text(text);
  if (wanted == NULL)
    assert_true(json_is_null(value));
  else
    assert_string_equal(json_string_value(value), wanted);
  json_decref(value);
}

static void nothing_is_null_and_other_text_stays(void **state) {
  (void)state;
  expect(NULL, NULL);
  expect("", NULL);
  expect("lopong \"x\"\n", "lopong \"x\"\n");
  expect("\xc3\xa9", "\xc3\xa9");
}

static void what_is_no_utf8_is_escaped_whatever_its_length(void **state) {
  char bytes[4001], *wanted = malloc(4 * sizeof bytes);
  (void)state;
  expect("a\xff", "a\\xff");
  assert_non_null(wanted);
  memset(bytes, '\xff', sizeof bytes - 1);
  bytes[sizeof bytes - 1] = '\0';
  for (size_t i = 0; i < sizeof bytes; i++)
    memcpy(wanted + 4 * i, "\\xff", 4);
  wanted[4 * (sizeof bytes - 1)] = '\0';
  expect(bytes, wanted);
  free(wanted);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_null_and_other_text_stays),
      cmocka_unit_test(what_is_no_utf8_is_escaped_whatever_its_length),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
