/* Targets: what may be typed, what it means, and what is offered where it is nearly one. */
#include "client/target/target.h"

#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

#define TEN          "0123456789"
#define HUNDRED      TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define HOST_OF_255  "h" HUNDRED HUNDRED TEN TEN TEN TEN TEN "0123"
#define PATH_OF_103  "/" HUNDRED "12"
#define PATH_OF_104  PATH_OF_103 "3"
#define DEFAULT_PORT ADDRESS_DEFAULT_PORT

static void targets_are_read_in_every_form(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *host;
    uint16_t port;
  } cases[] = {
      {"62893", "127.0.0.1", 62893},
      {"0", "127.0.0.1", 0},
      {"65535", "127.0.0.1", 65535},
      {"localhost", "localhost", DEFAULT_PORT},
      {"localhost:8080", "localhost", 8080},
      {"127.0.0.1:1", "127.0.0.1", 1},
      {"127.0.0.1", "127.0.0.1", DEFAULT_PORT},
      {"[::1]:62893", "::1", 62893},
      {"[::1]", "::1", DEFAULT_PORT},
      {"::1", "::1", DEFAULT_PORT},
      {"::", "::", DEFAULT_PORT},
      {"2001:db8::1:8080", "2001:db8::1:8080", DEFAULT_PORT},
      {"::ffff:127.0.0.1", "::ffff:127.0.0.1", DEFAULT_PORT},
      {"fe80::1%lo", "fe80::1%lo", DEFAULT_PORT},
      {"[fe80::1%lo]:7", "fe80::1%lo", 7},
      {"a-host.example:0", "a-host.example", 0},
      {"localhost:3000/path", "localhost", 3000},
      {"127.0.0.1:3000/", "127.0.0.1", 3000},
      {"[::1]:3000/a/b", "::1", 3000},
      {HOST_OF_255, HOST_OF_255, DEFAULT_PORT},
      {"h" HUNDRED ":65535", "h" HUNDRED, 65535},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct target target;
    char what[TARGET_PROBLEM_SIZE];
    const char *text = guard_page_place_string(cases[i].text);
    enum target_status status = target_parse(text, &target);
    if (status != TARGET_OK) fail_msg("'%s' is refused: it %s", cases[i].text, target_problem(status, text, what));
    assert_false(target.is_unix || target.is_list || target.has_transport);
    assert_string_equal(target.host, cases[i].host);
    assert_int_equal(target.port, cases[i].port);
  }
}

static void transports_and_urls_say_what_they_mean(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *host;
    uint16_t port;
    enum transport transport;
    const char *scheme;
    bool is_encrypted;
  } cases[] = {
      {"53/udp", "127.0.0.1", 53, TRANSPORT_UDP, NULL, false},
      {"62893/TCP", "127.0.0.1", 62893, TRANSPORT_TCP, NULL, false},
      {"[::1]:53/udp", "::1", 53, TRANSPORT_UDP, NULL, false},
      {"localhost/udp", "localhost", DEFAULT_PORT, TRANSPORT_UDP, NULL, false},
      {"http://127.0.0.1:3000/x?y#z", "127.0.0.1", 3000, TRANSPORT_TCP, "http", false},
      {"HTTP://localhost", "localhost", 80, TRANSPORT_TCP, "http", false},
      {"https://localhost/", "localhost", 443, TRANSPORT_TCP, "https", true},
      {"wss://localhost?x", "localhost", 443, TRANSPORT_TCP, "wss", true},
      {"http://[::1]:8080", "::1", 8080, TRANSPORT_TCP, "http", false},
      {"http://[fe80::1%25lo]:80/", "fe80::1%lo", 80, TRANSPORT_TCP, "http", false},
      {"http://me:secret@localhost:81/", "localhost", 81, TRANSPORT_TCP, "http", false},
      {"tcp://127.0.0.1:62893", "127.0.0.1", 62893, TRANSPORT_TCP, "tcp", false},
      {"udp://127.0.0.1:62893", "127.0.0.1", 62893, TRANSPORT_UDP, "udp", false},
      {"redis://localhost", "localhost", 6379, TRANSPORT_TCP, "redis", false},
      {"grpc://localhost:50051", "localhost", 50051, TRANSPORT_TCP, NULL, false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct target target;
    enum target_status status = target_parse(guard_page_place_string(cases[i].text), &target);
    if (status != TARGET_OK) fail_msg("'%s' is refused: %d", cases[i].text, status);
    assert_string_equal(target.host, cases[i].host);
    assert_true(target.has_transport);
    assert_int_equal(target.transport, cases[i].transport);
    assert_int_equal(target.is_encrypted, cases[i].is_encrypted);
    if (target.port != cases[i].port) fail_msg("'%s': port %u", cases[i].text, target.port);
    if (cases[i].scheme != NULL)
      assert_string_equal(target.scheme, cases[i].scheme);
    else
      assert_null(target.scheme);
  }
}

static void unix_targets_are_paths_and_names(void **state) {
  (void)state;
  static const char *const paths[] = {"/tmp/x", "relative", "with:colon", "[::1]:7", "62893", "@name", PATH_OF_103};
  for (size_t i = 0; i < COUNT_OF(paths); i++) {
    char text[ADDRESS_PATH_SIZE + 8] = "unix:";
    struct target target;
    strcat(text, paths[i]);
    assert_int_equal(target_parse(guard_page_place_string(text), &target), TARGET_OK);
    assert_true(target.is_unix);
    assert_string_equal(target.path, paths[i]);
  }
  struct target target;
  assert_int_equal(target_parse("unix:///run/x", &target), TARGET_OK);
  assert_string_equal(target.path, "/run/x");
}

static void wrong_targets_are_refused_for_their_reason(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum target_status status;
  } cases[] = {
      {"", TARGET_EMPTY},
      {":62893", TARGET_EMPTY},
      {"[]:62893", TARGET_EMPTY},
      {"unix:", TARGET_EMPTY},
      {"unix:@", TARGET_EMPTY},
      {"http://", TARGET_EMPTY},
      {"http:///x", TARGET_EMPTY},
      {"65536", TARGET_PORT_OUT_OF_RANGE},
      {"99999999999999999999999999", TARGET_PORT_OUT_OF_RANGE},
      {"99999999999999999999999999999999999999", TARGET_PORT_OUT_OF_RANGE},
      {"65536/tcp", TARGET_PORT_OUT_OF_RANGE},
      {"localhost:65536", TARGET_PORT_OUT_OF_RANGE},
      {"[::1]:65536", TARGET_PORT_OUT_OF_RANGE},
      {"http://localhost:65536/", TARGET_PORT_OUT_OF_RANGE},
      {"localhost:", TARGET_PORT_NOT_A_NUMBER},
      {"localhost:http", TARGET_PORT_NOT_A_NUMBER},
      {"localhost:-1", TARGET_PORT_NOT_A_NUMBER},
      {"localhost:+1", TARGET_PORT_NOT_A_NUMBER},
      {"localhost: 1", TARGET_PORT_NOT_A_NUMBER},
      {"localhost:0x10", TARGET_PORT_NOT_A_NUMBER},
      {"[::1]:", TARGET_PORT_NOT_A_NUMBER},
      {"[::1]:x", TARGET_PORT_NOT_A_NUMBER},
      {"[::1", TARGET_BRACKET_OPEN},
      {"[", TARGET_BRACKET_OPEN},
      {"[::1]62893", TARGET_BRACKET_OPEN},
      {"x" HOST_OF_255, TARGET_HOST_TOO_LONG},
      {"x" HOST_OF_255 ":1", TARGET_HOST_TOO_LONG},
      {"[" HOST_OF_255 "6]:1", TARGET_HOST_TOO_LONG},
      {"unix:" PATH_OF_104, TARGET_PATH_TOO_LONG},
      {"::1:8080", TARGET_NEEDS_BRACKETS},
      {"::1:62893", TARGET_NEEDS_BRACKETS},
      {"::1:80-90", TARGET_NEEDS_BRACKETS},
      {"::1:8080/udp", TARGET_NEEDS_BRACKETS},
      {"http://::1:8080/", TARGET_NEEDS_BRACKETS},
      {":::3000", TARGET_NEEDS_BRACKETS},
      {"fe80::1%lo:62893", TARGET_NEEDS_BRACKETS},
      {"a:b:c", TARGET_TOO_MANY_COLONS},
      {"localhost:80:90", TARGET_TOO_MANY_COLONS},
      {"tcp://localhost", TARGET_NO_PORT},
      {"foo://localhost/", TARGET_NO_PORT},
      {"80/sctp", TARGET_AFTER_SLASH},
      {"80/", TARGET_AFTER_SLASH},
      {"127.0.0.0/8", TARGET_AFTER_SLASH},
      {"/tmp/x", TARGET_BARE_PATH},
      {"./x", TARGET_BARE_PATH},
      {"@name", TARGET_BARE_PATH},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct target target;
    enum target_status status = target_parse(guard_page_place_string(cases[i].text), &target);
    if (status != cases[i].status) fail_msg("'%s': wanted %d, got %d", cases[i].text, cases[i].status, status);
  }
}

static void what_was_meant_is_offered(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *end;
  } cases[] = {
      {"::1:8080", "did you mean [::1]:8080"},
      {":::3000", "did you mean [::1]:3000"},
      {"::1:53/udp", "did you mean [::1]:53/udp"},
      {"http://::1:8080/x", "did you mean http://[::1]:8080/x"},
      {"/tmp/x", "did you mean unix:/tmp/x"},
      {"@name", "did you mean unix:@name"},
      {"/tmp/\x1b[31m", "did you mean unix:/tmp/\\x1b[31m"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct target target;
    char what[TARGET_PROBLEM_SIZE];
    const char *text = guard_page_place_string(cases[i].text);
    target_problem(target_parse(text, &target), text, what);
    size_t length = strlen(what), wanted = strlen(cases[i].end);
    if (length < wanted || strcmp(what + length - wanted, cases[i].end) != 0) fail_msg("'%s' %s", cases[i].text, what);
  }
}

static void lists_stand_where_a_port_does(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *ports;
  } cases[] = {{"80,81", "80,81"},
               {"1-1024", "1-1024"},
               {"localhost:80-90,99", "80-90,99"},
               {"[::1]:7,8/udp", "7,8"},
               {"80-", "80-"}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct target target;
    assert_int_equal(target_parse(guard_page_place_string(cases[i].text), &target), TARGET_OK);
    assert_true(target.is_list);
    assert_int_equal(target.ports_length, strlen(cases[i].ports));
    assert_memory_equal(target.ports, cases[i].ports, target.ports_length);
  }
}

static void ranges_go_from_1_to_65535(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool is_range;
    uint16_t first, last;
  } cases[] = {
      {"62893", true, 62893, 62893},
      {"8000-8100", true, 8000, 8100},
      {"1-65535", true, 1, 65535},
      {"8100-8000", false, 0, 0},
      {"0", false, 0, 0},
      {"0-10", false, 0, 0},
      {"65536", false, 0, 0},
      {"80-", false, 0, 0},
      {"-80", false, 0, 0},
      {"80-90-100", false, 0, 0},
      {"", false, 0, 0},
      {"http", false, 0, 0},
      {"123456789", false, 0, 0},
      {"8000 -8100", false, 0, 0},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint16_t first = 0, last = 0;
    bool is_range = target_read_range(cases[i].text, strlen(cases[i].text), &first, &last);
    if (is_range != cases[i].is_range || (is_range && (first != cases[i].first || last != cases[i].last)))
      fail_msg("'%s': got %d %u-%u", cases[i].text, is_range, first, last);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(targets_are_read_in_every_form),   cmocka_unit_test(transports_and_urls_say_what_they_mean),
      cmocka_unit_test(unix_targets_are_paths_and_names), cmocka_unit_test(wrong_targets_are_refused_for_their_reason),
      cmocka_unit_test(what_was_meant_is_offered),        cmocka_unit_test(lists_stand_where_a_port_does),
      cmocka_unit_test(ranges_go_from_1_to_65535),
  };
  return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
