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
      {"127.0.0.2:7-7", "127.0.0.2", 1, 7, 7},     {"http://localhost/x", "localhost", 1, 80, 80},
      {"80,90/udp", "127.0.0.1", 2, 80, 90},
  };
  char problem[PORT_SET_PROBLEM_SIZE];
  struct port_set *set = malloc(sizeof *set);
  assert_non_null(set);
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    assert_true(port_set_parse(cases[i].text, set, problem));
    assert_string_equal(set->target.host, cases[i].host);
    assert_int_equal(set->count, cases[i].count);
    assert_true(set->has[cases[i].first] && set->has[cases[i].last]);
  }
  free(set);
}

static void what_is_no_port_is_named(void **state) {
  static const char *const texts[] = {
      "",        "x",         "0",          "65536", "99999999999999999999",
      "80-",     "-80",       "90-80",      "80,",   "80,,9",
      "1-2-3",   "[::1]",     "[::1",       "[]:80", ":80",
      "host",    "127.0.0.1", "80 ",        "+80",   "0-10",
      "1-65536", "::1",       "80\x1b[31m", "host:", "8o",
      "::1:80",  "80/sctp",   "/tmp/x",
  };
  char problem[PORT_SET_PROBLEM_SIZE];
  struct port_set *set = malloc(sizeof *set);
  assert_non_null(set);
  (void)state;
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    problem[0] = '\0';
    if (port_set_parse(texts[i], set, problem)) fail_msg("'%s' was taken for a list of ports", texts[i]);
    assert_non_null(strchr(problem, '\''));
    assert_null(strchr(problem, '\x1b'));
  }
  free(set);
}

static void the_words_of_a_port_choose_its_transport(void **state) {
  static const struct {
    const char *text;
    bool is_tcp_given, is_udp_given;
    bool is_possible, is_tcp, is_udp;
  } cases[] = {
      {"80", false, false, true, true, false},     {"80", true, false, true, true, false},
      {"80", false, true, true, false, true},      {"80", true, true, true, true, true},
      {"80/tcp", false, false, true, true, false}, {"80/tcp", true, false, true, true, false},
      {"80/udp", false, false, true, false, true}, {"80/udp", false, true, true, false, true},
      {"80/udp", true, false, false, 0, 0},        {"80/tcp", false, true, false, 0, 0},
      {"80/tcp", true, true, false, 0, 0},         {"udp://localhost:80", true, false, false, 0, 0},
  };
  char problem[PORT_SET_PROBLEM_SIZE];
  struct port_set *set = malloc(sizeof *set);
  assert_non_null(set);
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    bool wanted[2];
    assert_true(port_set_parse(cases[i].text, set, problem));
    bool is_possible =
        port_set_choose_transports(set, cases[i].text, cases[i].is_tcp_given, cases[i].is_udp_given, wanted, problem);
    if (is_possible != cases[i].is_possible) fail_msg("%zu: '%s'", i, cases[i].text);
    if (is_possible && (wanted[TRANSPORT_TCP] != cases[i].is_tcp || wanted[TRANSPORT_UDP] != cases[i].is_udp))
      fail_msg("%zu: '%s': tcp %d, udp %d", i, cases[i].text, wanted[TRANSPORT_TCP], wanted[TRANSPORT_UDP]);
    if (!is_possible) assert_non_null(strstr(problem, "contradicts"));
  }
  free(set);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lists_ranges_and_hosts_are_read),
      cmocka_unit_test(what_is_no_port_is_named),
      cmocka_unit_test(the_words_of_a_port_choose_its_transport),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
