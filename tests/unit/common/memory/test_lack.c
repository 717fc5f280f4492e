/* What a process went without, noted once. */
#include "common/memory/lack.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
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
static volatile size_t too_much = (size_t)PTRDIFF_MAX + 1;
/* Four of them are the reserve. Larger than what a new process has free on its heap may be, or it comes from there. */
static volatile size_t too_large = (size_t)16 * 1024;

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

static void a_lack_of_descriptors_hides_none_of_memory(void **state) {
  (void)state;
  lack_forget();
  lack_note(UV_EMFILE);
  assert_false(lack_is_of_memory());
  lack_note(UV_ENOMEM);
  assert_true(lack_is_of_memory());
  assert_int_equal(lack_code(), UV_EMFILE);
  lack_forget();
  assert_false(lack_is_of_memory());
}

static void what_the_reserve_met_is_noted_when_half_of_it_is_gone(void **state) {
  (void)state;
  size_t pieces = 0;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  skip();
#endif
  lack_forget();
  /* More than the system gives and than the reserve has. */
  assert_null(memory_take_surely(too_much));
  assert_int_equal(lack_code(), UV_ENOMEM);
  lack_forget();
  /* A process that may have no more memory than it has: all of these come from the reserve. */
  struct rlimit usual, none = {0, 0};
  void *blocks[64];
  assert_int_equal(getrlimit(RLIMIT_AS, &usual), 0);
  none.rlim_max = usual.rlim_max;
  assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
  while (lack_code() == 0 && pieces < 64)
    blocks[pieces++] = memory_take_surely(too_large);
  assert_int_equal(setrlimit(RLIMIT_AS, &usual), 0);
  assert_true(pieces > 1);
  assert_non_null(blocks[pieces - 1]);
  assert_int_equal(lack_code(), UV_ENOMEM);
  for (size_t i = 0; i < pieces; i++)
    memory_give_back(blocks[i]);
  lack_forget();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_a_lack_is_noted_and_the_first_stays),
      cmocka_unit_test(memory_that_is_refused_is_noted),
      cmocka_unit_test(a_lack_of_descriptors_hides_none_of_memory),
      cmocka_unit_test(what_the_reserve_met_is_noted_when_half_of_it_is_gone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
