/* Where HAProxy's configuration says that a port's connections go. */
#include "client/check/haproxy_config.h"

#include "tests/unit/unit_test.h"

#define FRONT "global\n  daemon\ndefaults\n  mode tcp\n"

static void the_only_server_of_the_port_is_found(void **state) {
  static const struct {
    const char *text, *host; /* NULL: none */
    uint16_t port;
  } cases[] = {
      {FRONT "listen web\n  bind 127.0.0.1:7111\n  server one 127.0.0.1:81 check\n", "127.0.0.1", 81},
      {FRONT "listen web\n\tbind *:7111 ssl crt /x\n\tserver one [::1]:82", "::1", 82},
      {FRONT "listen web\n  bind :7111\n  server one db.internal:5432\n", "db.internal", 5432},
      {FRONT "frontend in\n  bind :::7111\n  default_backend b\nbackend a\n  server x 127.0.0.1:1\nbackend b\n"
             "  # the one\n  server y 127.0.0.1:2\n",
       "127.0.0.1", 2},
      {FRONT
       "listen other\n  bind :7112\n  server one 127.0.0.1:1\nlisten web\n  bind :7111\n  server two 127.0.0.1:3\n",
       "127.0.0.1", 3},
      {FRONT "listen web\n  bind :7111\n  server one 127.0.0.1:1\n  server two 127.0.0.1:2\n", NULL, 0},
      {FRONT
       "frontend in\n  bind :7111\n  use_backend b if { path /x }\n  default_backend b\nbackend b\n  server y a:2\n",
       NULL, 0},
      {FRONT "listen web\n  bind :7112\n  server one 127.0.0.1:1\n", NULL, 0},
      {FRONT "listen web\n  bind :7111\n  server one unix@/run/x\n", NULL, 0},
      {FRONT "frontend in\n  bind :7111\n  default_backend gone\n", NULL, 0},
      {"", NULL, 0},
      {"listen", NULL, 0},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct forward forward;
    bool is_found = haproxy_config_find(cases[i].text, 7111, &forward);
    if (is_found != (cases[i].host != NULL)) fail_msg("%s: %s", cases[i].text, is_found ? "found" : "not found");
    if (!is_found) continue;
    assert_string_equal(forward.host, cases[i].host);
    assert_int_equal(forward.port, cases[i].port);
  }
}

static void the_file_is_the_one_behind_f(void **state) {
  char path[64];
  (void)state;
  assert_true(haproxy_config_path("/usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg -p /run/x", path, sizeof path));
  assert_string_equal(path, "/etc/haproxy/haproxy.cfg");
  assert_false(haproxy_config_path("haproxy -f /a -f /b", path, sizeof path));
  assert_false(haproxy_config_path("haproxy -f relative.cfg", path, sizeof path));
  assert_false(haproxy_config_path("haproxy", path, sizeof path));
  assert_false(haproxy_config_path("haproxy -f /a", path, 2));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_only_server_of_the_port_is_found),
      cmocka_unit_test(the_file_is_the_one_behind_f),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
