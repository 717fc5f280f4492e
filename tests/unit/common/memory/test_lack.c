/* What a process went without, noted once. */
#include "common/memory/lack.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <uv.h>

#include "common/memory/memory.h"
#include "tests/unit/unit_test.h"

static void only_a_lack_is_noted_and_the_first_stays(void **state) {
  (void)state;
  lack_forget();
  assert_int_equal(lack_note(0), 0);
  assert_int_equal(lack_note(UV_ECONNREFUSED), UV_ECONNREFUSED);
  assert_int_equal(lack_code(), 0);
  errno = EMFILE;
  assert_int_equal(lack_descriptor(3), 3);
  assert_int_equal(lack_code(), 0);
  assert_int_equal(lack_descriptor(-1), -1);
  assert_int_equal(lack_code(), UV_EMFILE);
  lack_note(UV_ENOMEM);
  assert_int_equal(lack_code(), UV_EMFILE);
  lack_forget();
  assert_int_equal(lack_code(), 0);
}

/* Not a constant, or the compiler warns of the size. */
static volatile size_t too_much = PTRDIFF_MAX;

static void memory_that_is_refused_is_noted(void **state) {
  (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  skip(); /* a sanitizer ends a process that asks for so much */
#endif
  lack_forget();
  assert_null(memory_take(too_much));
  assert_int_equal(lack_code(), UV_ENOMEM);
  lack_forget();
  assert_null(memory_take_zeroed(too_much, 2));
  assert_int_equal(lack_code(), UV_ENOMEM);
  lack_forget();
  char *text = memory_copy_text("loping", 4);
  assert_string_equal(text, "lopi");
  assert_null(memory_grow(text, too_much));
  assert_int_equal(lack_code(), UV_ENOMEM);
  free(text);
  lack_forget();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_a_lack_is_noted_and_the_first_stays),
      cmocka_unit_test(memory_that_is_refused_is_noted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
