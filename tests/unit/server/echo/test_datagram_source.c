/* Which source addresses are no host's, as a table. */
#include "server/echo/datagram_source.h"

#include "tests/unit/unit_test.h"

static void addresses_that_no_host_has_are_known(void **state) {
  static const struct {
    const char *address;
    bool wanted;
  } cases[] = {
      {"0.0.0.0", true},
      {"127.0.0.1", false},
      {"127.255.255.254", false},
      {"127.255.255.255", true},
      {"192.0.2.1", false},
      {"223.255.255.255", false},
      {"224.0.0.1", true},
      {"239.255.255.255", true},
      {"240.0.0.1", true},
      {"255.255.255.255", true},
      {"::", true},
      {"::1", false},
      {"2001:db8::1", false},
      {"fe80::1", false},
      {"feff::1", false},
      {"ff02::1", true},
      {"::ffff:127.0.0.1", false},
      {"::ffff:224.0.0.1", true},
      {"::ffff:0.0.0.0", true},
      {"::ffff:255.255.255.255", true},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct sockaddr_storage address = {0};
    if (uv_ip4_addr(cases[i].address, 40000, (struct sockaddr_in *)&address) != 0)
      assert_int_equal(uv_ip6_addr(cases[i].address, 40000, (struct sockaddr_in6 *)&address), 0);
    if (datagram_source_is_no_host(&address) != cases[i].wanted) fail_msg("%s", cases[i].address);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(addresses_that_no_host_has_are_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
