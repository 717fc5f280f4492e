/* JSON lines, whole or not at all. */
#include "common/text/json_line.h"

#include <stdlib.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "tests/unit/unit_test.h"

static void an_object_is_one_line(void **state) {
  (void)state;
  lack_forget();
  char *line = json_line_make(json_pack("{s:i}", "port", 7));
  assert_string_equal(line, "{\"port\":7}\n");
  free(line);
  assert_null(json_line_make(NULL));
}

static void what_is_no_printable_ascii_is_escaped(void **state) {
  (void)state;
  lack_forget();
  char *line = json_line_make(json_pack("{s:s}", "a\x7f", "\x1b\x7f\xc2\x9b\xe2\x80\xae\xc3\xa4"));
  assert_string_equal(line, "{\"a\\u007f\":\"\\u001B\\u007f\\u009B\\u202E\\u00E4\"}\n");
  free(line);
}

/* One field could not be set, and nobody asked whether it was. */
static void a_lack_of_memory_meanwhile_makes_no_line(void **state) {
  (void)state;
  lack_forget();
  json_t *object = json_object();
  lack_note(UV_ENOMEM);
  assert_null(json_line_make(object));
  lack_forget();
}

static void a_lack_of_descriptors_before_hides_none_of_memory(void **state) {
  (void)state;
  lack_forget();
  json_t *object = json_object();
  lack_note(UV_EMFILE);
  lack_note(UV_ENOMEM);
  assert_null(json_line_make(object));
  lack_forget();
  lack_note(UV_EMFILE);
  char *line = json_line_make(json_pack("{s:i}", "port", 7));
  assert_string_equal(line, "{\"port\":7}\n");
  free(line);
  lack_forget();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_object_is_one_line),
      cmocka_unit_test(what_is_no_printable_ascii_is_escaped),
      cmocka_unit_test(a_lack_of_memory_meanwhile_makes_no_line),
      cmocka_unit_test(a_lack_of_descriptors_before_hides_none_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
