/* Addresses and endpoints: what overlaps what, and how each is written. */
#include "common/net/address.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

#define TEN         "0123456789"
#define HUNDRED     TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define PATH_OF_103 "/" HUNDRED "12"
#define PATH_OF_104 PATH_OF_103 "3"

static struct sockaddr_storage make_address(const char *host, uint16_t port) {
  struct sockaddr_storage address;
  memset(&address, 0, sizeof(address));
  if (uv_ip4_addr(host, port, (struct sockaddr_in *)&address) == 0) return address;
  memset(&address, 0, sizeof(address));
  assert_int_equal(uv_ip6_addr(host, port, (struct sockaddr_in6 *)&address), 0);
  return address;
}

static void ports_go_from_0_to_65535(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum address_status status;
    uint16_t port;
  } cases[] = {
      {"0", ADDRESS_OK, 0},
      {"1023", ADDRESS_OK, 1023},
      {"65535", ADDRESS_OK, 65535},
      {"00080", ADDRESS_OK, 80},
      {"65536", ADDRESS_PORT_OUT_OF_RANGE, 0},
      {"131072", ADDRESS_PORT_OUT_OF_RANGE, 0},
      {"18446744073709551616", ADDRESS_PORT_OUT_OF_RANGE, 0},
      {"", ADDRESS_PORT_NOT_A_NUMBER, 0},
      {"http", ADDRESS_PORT_NOT_A_NUMBER, 0},
      {"-1", ADDRESS_PORT_NOT_A_NUMBER, 0},
      {"80 ", ADDRESS_PORT_NOT_A_NUMBER, 0},
      {"8.0", ADDRESS_PORT_NOT_A_NUMBER, 0},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint16_t port = 0;
    enum address_status status = address_parse_port(guard_page_place_string(cases[i].text), &port);
    if (status != cases[i].status || port != cases[i].port)
      fail_msg("'%s': wanted %d and %u, got %d and %u", cases[i].text, cases[i].status, cases[i].port, status, port);
  }
}

static void paths_must_fit_a_unix_socket(void **state) {
  (void)state;
  char path[ADDRESS_PATH_SIZE];
  assert_int_equal(address_parse_path("", path), ADDRESS_EMPTY);
  assert_int_equal(address_parse_path(guard_page_place_string(PATH_OF_104), path), ADDRESS_PATH_TOO_LONG);
  assert_int_equal(address_parse_path(guard_page_place_string(PATH_OF_103), path), ADDRESS_OK);
  assert_string_equal(path, PATH_OF_103);
}

static void loopback_and_any_are_told_from_the_rest(void **state) {
  (void)state;
  static const struct {
    const char *host;
    bool loopback;
    bool any;
  } cases[] = {
      {"127.0.0.1", true, false},
      {"127.0.0.2", true, false},
      {"127.255.255.255", true, false},
      {"126.255.255.255", false, false},
      {"128.0.0.0", false, false},
      {"0.0.0.0", false, true},
      {"0.0.0.1", false, false},
      {"192.168.1.1", false, false},
      {"::1", true, false},
      {"::", false, true},
      {"::2", false, false},
      {"fe80::1", false, false},
      {"::ffff:127.0.0.1", true, false},
      {"::ffff:127.9.9.9", true, false},
      {"::ffff:0.0.0.0", false, true},
      {"::ffff:10.0.0.1", false, false},
      {"::127.0.0.1", false, false},
      {"1::1", false, false},
      {"2001:db8::1", false, false},
      {"::fffe:127.0.0.1", false, false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct sockaddr_storage address = make_address(cases[i].host, 1);
    if (address_is_loopback(&address) != cases[i].loopback) fail_msg("loopback? %s", cases[i].host);
    if (address_is_any(&address) != cases[i].any) fail_msg("any? %s", cases[i].host);
  }
}

static void the_same_host_is_the_same_whatever_its_port(void **state) {
  (void)state;
  static const struct {
    const char *one;
    const char *other;
    bool same;
  } cases[] = {
      {"127.0.0.1", "127.0.0.1", true},
      {"127.0.0.1", "127.0.0.2", false},
      {"127.0.0.1", "::ffff:127.0.0.1", true},
      {"127.0.0.1", "::1", false},
      {"::1", "::1", true},
      {"::1", "::", false},
      {"0.0.0.0", "::", false},
      {"0.0.0.0", "127.0.0.1", false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct sockaddr_storage one = make_address(cases[i].one, 1), other = make_address(cases[i].other, 2);
    if (address_same_host(&one, &other) != cases[i].same || address_same_host(&other, &one) != cases[i].same)
      fail_msg("%s and %s", cases[i].one, cases[i].other);
  }
}

/* The rows of port-facts: who takes a port from whom. */
static void overlaps_follow_the_kernel(void **state) {
  (void)state;
  static const struct {
    const char *one;
    bool one_dual;
    const char *other;
    bool other_dual;
    bool overlaps;
  } cases[] = {
      {"127.0.0.1", false, "127.0.0.1", false, true},
      {"127.0.0.1", false, "127.0.0.2", false, false},
      {"127.0.0.1", false, "0.0.0.0", false, true},
      {"0.0.0.0", false, "0.0.0.0", false, true},
      {"127.0.0.1", false, "::1", false, false},
      {"127.0.0.1", false, "::", true, true},
      {"127.0.0.1", false, "::", false, false},
      {"0.0.0.0", false, "::", true, true},
      {"0.0.0.0", false, "::", false, false},
      {"127.0.0.1", false, "::1", true, false},
      {"127.0.0.1", false, "::ffff:127.0.0.1", true, true},
      {"127.0.0.2", false, "::ffff:127.0.0.1", true, false},
      {"::ffff:127.0.0.1", true, "::", true, true},
      {"::1", false, "::", false, true},
      {"::1", false, "::", true, true},
      {"::1", false, "::1", true, true},
      {"::1", false, "fe80::1", false, false},
      {"::", true, "::", false, true},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct sockaddr_storage one = make_address(cases[i].one, 7), other = make_address(cases[i].other, 7);
    bool forth = address_overlaps(&one, cases[i].one_dual, &other, cases[i].other_dual);
    bool back = address_overlaps(&other, cases[i].other_dual, &one, cases[i].one_dual);
    if (forth != cases[i].overlaps || back != cases[i].overlaps)
      fail_msg("%s%s and %s%s: wanted %d, got %d and %d", cases[i].one, cases[i].one_dual ? " (dual)" : "",
               cases[i].other, cases[i].other_dual ? " (dual)" : "", cases[i].overlaps, forth, back);
  }
}

static void addresses_are_written_for_people(void **state) {
  (void)state;
  static const struct {
    const char *host;
    uint16_t port;
    const char *text;
  } cases[] = {
      {"127.0.0.1", 62893, "127.0.0.1:62893"},
      {"0.0.0.0", 0, "0.0.0.0:0"},
      {"::1", 65535, "[::1]:65535"},
      {"::", 1, "[::]:1"},
      {"2001:db8:1111:2222:3333:4444:5555:6666", 65535, "[2001:db8:1111:2222:3333:4444:5555:6666]:65535"},
      {"::ffff:127.0.0.1", 7, "[::ffff:127.0.0.1]:7"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char out[ADDRESS_TEXT_SIZE];
    struct sockaddr_storage address = make_address(cases[i].host, cases[i].port);
    assert_string_equal(address_format(&address, out), cases[i].text);
    assert_string_equal(address_format_host(&address, out), cases[i].host);
    struct endpoint endpoint = {.transport = TRANSPORT_UDP, .address = address};
    assert_string_equal(endpoint_format(&endpoint, out), cases[i].text);
  }
}

static void unix_endpoints_are_written_whole(void **state) {
  (void)state;
  struct endpoint endpoint = {.transport = TRANSPORT_UNIX};
  char out[ADDRESS_TEXT_SIZE];
  strcpy(endpoint.path, PATH_OF_103);
  assert_string_equal(endpoint_format(&endpoint, out), "unix:" PATH_OF_103);
}

/* "lo" is the interface of every machine that runs this test, and its number is asked for. */
static void the_zone_of_a_link_local_address_is_kept(void **state) {
  (void)state;
  struct sockaddr_storage named, numbered, bare, unknown;
  char out[ADDRESS_TEXT_SIZE], text[64], name[UV_IF_NAMESIZE];
  size_t length = sizeof name;
  assert_int_equal(uv_if_indextoname(1, name, &length), 0);
  snprintf(text, sizeof text, "fe80::1%%%s", name);
  assert_true(address_read_numeric(text, 7, &named));
  assert_true(address_read_numeric("fe80::1%1", 7, &numbered));
  assert_true(address_read_numeric("fe80::1", 7, &bare));
  assert_true(address_read_numeric("fe80::1%no-such-one", 7, &unknown));
  assert_string_equal(address_format_host(&named, out), text);
  assert_string_equal(address_format_host(&numbered, out), text);
  snprintf(text, sizeof text, "[fe80::1%%%s]:7", name);
  assert_string_equal(address_format(&named, out), text);
  assert_string_equal(address_format_host(&bare, out), "fe80::1");
  assert_false(address_lacks_zone(&named));
  assert_true(address_lacks_zone(&bare) && address_lacks_zone(&unknown));
  ((struct sockaddr_in6 *)&numbered)->sin6_scope_id = 4000000000u;
  assert_string_equal(address_format_host(&numbered, out), "fe80::1%4000000000");
  assert_false(address_same_host(&named, &numbered));
  assert_true(address_same_host(&named, &bare));
}

static void only_link_local_addresses_need_a_zone(void **state) {
  (void)state;
  static const struct {
    const char *host;
    bool lacks;
  } cases[] = {{"fe80::1", true}, {"febf::1", true},  {"fec0::1", false},   {"fe7f::1", false},    {"::1", false},
               {"::", false},     {"fd00::1", false}, {"127.0.0.1", false}, {"169.254.1.1", false}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct sockaddr_storage address = make_address(cases[i].host, 1);
    if (address_lacks_zone(&address) != cases[i].lacks) fail_msg("%s", cases[i].host);
  }
}

static void an_address_of_no_family_is_written_safely(void **state) {
  (void)state;
  struct sockaddr_storage none;
  char out[ADDRESS_TEXT_SIZE];
  memset(&none, 0, sizeof(none));
  assert_string_equal(address_format_host(&none, out), "(no address)");
  assert_non_null(address_format(&none, out));
  assert_false(address_is_loopback(&none));
  assert_false(address_is_any(&none));
  assert_false(address_same_host(&none, &none));
}

static void ports_and_sizes_follow_the_family(void **state) {
  (void)state;
  struct sockaddr_storage four = make_address("127.0.0.1", 1), six = make_address("::1", 2);
  assert_int_equal(address_port(&four), 1);
  assert_int_equal(address_port(&six), 2);
  address_set_port(&four, 65535);
  address_set_port(&six, 256);
  assert_int_equal(address_port(&four), 65535);
  assert_int_equal(address_port(&six), 256);
  assert_int_equal(address_bytes(&four), sizeof(struct sockaddr_in));
  assert_int_equal(address_bytes(&six), sizeof(struct sockaddr_in6));
}

static void a_datagram_is_as_large_as_its_family_lets_it(void **state) {
  (void)state;
  static const struct {
    const char *host;
    size_t most;
  } cases[] = {{"127.0.0.1", 65507}, {"::1", 65527}, {"fe80::1", 65527}, {"::ffff:127.0.0.1", 65507}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct sockaddr_storage address = make_address(cases[i].host, 1);
    assert_int_equal(address_datagram_bytes_max(&address), cases[i].most);
  }
}

static void numeric_addresses_resolve_without_a_look_up(void **state) {
  (void)state;
  static const char *const hosts[] = {"127.0.0.1", "::1", "0.0.0.0", "::ffff:127.0.0.1"};
  for (size_t i = 0; i < COUNT_OF(hosts); i++) {
    struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
    char out[ADDRESS_TEXT_SIZE];
    size_t count = 99;
    assert_int_equal(address_resolve(hosts[i], 8080, addresses, &count), 0);
    assert_int_equal(count, 1);
    assert_string_equal(address_format_host(&addresses[0], out), hosts[i]);
    assert_int_equal(address_port(&addresses[0]), 8080);
  }
}

static void a_name_that_cannot_exist_does_not_resolve(void **state) {
  (void)state;
  /* A label of 64 letters breaks RFC 1035, so that no resolver asks a server for it. */
  static const char *const hosts[] = {"", TEN TEN TEN TEN TEN TEN "abcd.invalid"};
  for (size_t i = 0; i < COUNT_OF(hosts); i++) {
    struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
    size_t count = 99;
    if (address_resolve(hosts[i], 1, addresses, &count) == 0) fail_msg("'%s' resolves", hosts[i]);
    assert_int_equal(count, 0);
  }
}

static void transports_have_names(void **state) {
  (void)state;
  assert_string_equal(transport_name(TRANSPORT_TCP), "tcp");
  assert_string_equal(transport_name(TRANSPORT_UDP), "udp");
  assert_string_equal(transport_name(TRANSPORT_UNIX), "unix");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ports_go_from_0_to_65535),
      cmocka_unit_test(paths_must_fit_a_unix_socket),
      cmocka_unit_test(loopback_and_any_are_told_from_the_rest),
      cmocka_unit_test(the_same_host_is_the_same_whatever_its_port),
      cmocka_unit_test(overlaps_follow_the_kernel),
      cmocka_unit_test(addresses_are_written_for_people),
      cmocka_unit_test(unix_endpoints_are_written_whole),
      cmocka_unit_test(the_zone_of_a_link_local_address_is_kept),
      cmocka_unit_test(only_link_local_addresses_need_a_zone),
      cmocka_unit_test(an_address_of_no_family_is_written_safely),
      cmocka_unit_test(ports_and_sizes_follow_the_family),
      cmocka_unit_test(a_datagram_is_as_large_as_its_family_lets_it),
      cmocka_unit_test(numeric_addresses_resolve_without_a_look_up),
      cmocka_unit_test(a_name_that_cannot_exist_does_not_resolve),
      cmocka_unit_test(transports_have_names),
  };
  return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
