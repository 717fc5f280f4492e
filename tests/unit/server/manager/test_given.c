/* What a service manager's variables mean, and that they are taken out of the environment. */
#include "server/manager/given.h"

#include <string.h>

#include "tests/unit/unit_test.h"

#define OWN_PID 4711

static void variables_are_read(void **state) {
  static const struct {
    const char *pid, *fds;
    bool is_fine;
    size_t count;
  } cases[] = {
      {NULL, NULL, true, 0},
      {NULL, "2", true, 0},
      {"4711", NULL, true, 0},
      {"4711", "1", true, 1},
      {"4711", "64", true, 64},
      {"1", "3", true, 0},
      {"1", "nonsense", true, 0},
      {"4711", "65", false, 0},
      {"4711", "0", false, 0},
      {"4711", "", false, 0},
      {"4711", "-1", false, 0},
      {"4711", " 1", false, 0},
      {"4711", "1 ", false, 0},
      {"", "1", false, 0},
      {"self", "1", false, 0},
      {"4711x", "1", false, 0},
      {"-4711", "1", false, 0},
      {"99999999999999999999", "1", false, 0},
      {"4711", "99999999999999999999", false, 0},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char problem[GIVEN_PROBLEM_SIZE] = "";
    size_t count = 99;
    bool is_fine = given_count(cases[i].pid, cases[i].fds, OWN_PID, &count, problem);
    if (is_fine != cases[i].is_fine || count != cases[i].count || (problem[0] == '\0') != is_fine)
      fail_msg("case %zu: %d, %zu, '%s'", i, is_fine, count, problem);
  }
}

static void what_cannot_be_shown_is_escaped(void **state) {
  char problem[GIVEN_PROBLEM_SIZE];
  size_t count;
  (void)state;
  assert_false(given_count("4711", "\033[2J", OWN_PID, &count, problem));
  assert_null(strchr(problem, '\033'));
}

static void the_variables_are_taken_out_of_the_environment(void **state) {
  static const char *const names[] = {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"};
  struct given_sockets given;
  char problem[GIVEN_PROBLEM_SIZE], value[64];
  (void)state;
  for (size_t i = 0; i < COUNT_OF(names); i++)
    assert_int_equal(uv_os_setenv(names[i], "1"), 0);
  assert_true(given_take(&given, problem));
  assert_int_equal(given.count, 0);
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    size_t size = sizeof value;
    assert_int_equal(uv_os_getenv(names[i], value, &size), UV_ENOENT);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(variables_are_read),
      cmocka_unit_test(what_cannot_be_shown_is_escaped),
      cmocka_unit_test(the_variables_are_taken_out_of_the_environment),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
