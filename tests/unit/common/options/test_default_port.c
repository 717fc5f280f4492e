/* The default port by the environment: what is taken, and what is said of what is not. */
#include "common/options/default_port.h"

#include <string.h>

#include "common/net/address.h"
#include "common/options/options.h"
#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static void unset_and_empty_leave_the_usual_port(void **state) {
  (void)state;
  char problem[OPTIONS_PROBLEM_SIZE];
  uint16_t port = 0;
  assert_true(default_port_read("NAME", NULL, 1, &port, problem));
  assert_int_equal(port, ADDRESS_DEFAULT_PORT);
  port = 0;
  assert_true(default_port_read("NAME", "", 1, &port, problem));
  assert_int_equal(port, ADDRESS_DEFAULT_PORT);
}

static void a_port_is_taken(void **state) {
  (void)state;
  char problem[OPTIONS_PROBLEM_SIZE];
  uint16_t port = 0;
  assert_true(default_port_read("NAME", guard_page_place_string("7777"), 1, &port, problem));
  assert_int_equal(port, 7777);
  assert_true(default_port_read("NAME", "65535", 1, &port, problem));
  assert_int_equal(port, 65535);
  assert_true(default_port_read("NAME", "0", 0, &port, problem));
  assert_int_equal(port, 0);
}

static void anything_else_is_refused_with_the_way_out(void **state) {
  (void)state;
  static const struct {
    const char *value;
    const char *words;
  } cases[] = {
      {"0", "NAME: '0' is no port that anybody can have; "},
      {"65536", "NAME: '65536' is above 65535, the highest port"},
      {"http", "NAME: 'http' is not a port number; "},
      {" 80", "NAME: ' 80' is not a port number; "},
      {"-1", "NAME: '-1' is not a port number; "},
      {"127.0.0.1:80", "NAME: '127.0.0.1:80' is not a port number; "},
      {"\x1b[31m", "is not a port number; "},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char problem[OPTIONS_PROBLEM_SIZE] = "";
    uint16_t port = 0;
    assert_false(default_port_read("NAME", guard_page_place_string(cases[i].value), 1, &port, problem));
    if (strstr(problem, cases[i].words) == NULL) fail_msg("'%s': %s", cases[i].value, problem);
    assert_non_null(
        strstr(problem, "give it a port from 1 to 65535, name a port on the command line, or unset it: unset NAME"));
    assert_null(strchr(problem, '\x1b'));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(unset_and_empty_leave_the_usual_port),
      cmocka_unit_test(a_port_is_taken),
      cmocka_unit_test(anything_else_is_refused_with_the_way_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
