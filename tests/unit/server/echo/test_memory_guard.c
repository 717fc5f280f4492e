/* From when on TCP memory is scarce and short, by the server's own bound and by the system's mark. */
#include "server/echo/memory_guard.h"

#include "tests/unit/unit_test.h"

static void memory_is_scarce_from_half_of_a_bound_on_and_short_beyond_it(void **state) {
  (void)state;
  static const struct {
    struct memory_facts facts;
    enum memory_level level;
  } cases[] = {
      {{0, 100, 0, 400}, MEMORY_ENOUGH},   {{50, 100, 0, 400}, MEMORY_ENOUGH},  {{51, 100, 0, 400}, MEMORY_SCARCE},
      {{100, 100, 0, 400}, MEMORY_SCARCE}, {{101, 100, 0, 400}, MEMORY_SHORT},  {{0, 100, 200, 400}, MEMORY_ENOUGH},
      {{0, 100, 201, 400}, MEMORY_SCARCE}, {{0, 100, 401, 400}, MEMORY_SHORT},  {{101, 100, 201, 400}, MEMORY_SHORT},
      {{51, 100, 401, 400}, MEMORY_SHORT}, {{1000, 0, 1000, 0}, MEMORY_ENOUGH}, /* no bound is known */
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_int_equal(memory_guard_judge(&cases[i].facts), cases[i].level);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(memory_is_scarce_from_half_of_a_bound_on_and_short_beyond_it)};
  return cmocka_run_group_tests_name("memory_guard", tests, NULL, NULL);
}
