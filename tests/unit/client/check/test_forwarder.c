/* Where a forwarder's command line says that it forwards to. */
#include "client/check/forwarder.h"

#include "tests/unit/unit_test.h"

static void the_target_of_each_forwarder_is_read(void **state) {
  static const struct {
    const char *command, *command_line, *host; /* NULL: none */
    uint16_t port;
  } cases[] = {
      {"docker-proxy",
       "/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 7111 -container-ip 172.17.0.2 -container-port 80",
       "172.17.0.2", 80},
      {"docker-proxy", "/usr/bin/docker-proxy -proto tcp", NULL, 0},
      {"ssh", "ssh -N -L 7111:db.internal:5432 bastion", "db.internal", 5432},
      {"ssh", "ssh -fNL 127.0.0.1:7111:[::1]:80 bastion", "::1", 80},
      {"ssh", "ssh -L7111:127.0.0.1:81 bastion", "127.0.0.1", 81},
      {"ssh", "ssh -L 9999:127.0.0.1:1 -L 7111:127.0.0.1:2 bastion", "127.0.0.1", 2},
      {"ssh", "ssh -L 9999:127.0.0.1:1 bastion", NULL, 0},
      {"ssh", "ssh bastion", NULL, 0},
      {"socat", "socat TCP-LISTEN:7111,bind=127.0.0.1,fork,reuseaddr TCP:127.0.0.1:1", "127.0.0.1", 1},
      {"socat", "socat tcp-listen:7111,fork tcp:[::1]:8080,nodelay", "::1", 8080},
      {"socat", "socat TCP-LISTEN:7111 EXEC:cat", NULL, 0},
      {"socat", "socat TCP-LISTEN:7111 TCP:host:0", NULL, 0},
      {"nginx", "nginx TCP:127.0.0.1:1", NULL, 0},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct forward forward;
    bool is_found = forward_find(cases[i].command, cases[i].command_line, 7111, &forward);
    if (is_found != (cases[i].host != NULL))
      fail_msg("%s: %s", cases[i].command_line, is_found ? "found" : "not found");
    if (!is_found) continue;
    assert_string_equal(forward.host, cases[i].host);
    assert_int_equal(forward.port, cases[i].port);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_target_of_each_forwarder_is_read)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
