/* Which Host is the loopback interface itself, and which Origin is the same site. */
#include "server/http/host.h"

#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static struct http_text text_of(const char *text) {
  return (struct http_text){(const char *)guard_page_place(text, strlen(text)), strlen(text)};
}

static void only_loopback_is_loopback(void **state) {
  static const struct {
    const char *host;
    bool wanted;
  } cases[] = {
      {"127.0.0.1", true},
      {"127.0.0.1:62893", true},
      {"127.255.255.254:1", true},
      {"[::1]", true},
      {"[::1]:65535", true},
      {"localhost", true},
      {"LocalHost:80", true},
      {"app.localhost", true},
      {"a.b-c.localhost:8080", true},
      {"", false},
      {"evil.example", false},
      {"127.0.0.1.evil.example", false},
      {"127.0.0.1.evil.example:62893", false},
      {"evil.example:127.0.0.1", false},
      {"[::1].x", false},
      {"[::1]x:80", false},
      {"[::1", false},
      {"::1", false},
      {"[::]", false},
      {"[::ffff:127.0.0.1]", false},
      {"[0:0:0:0:0:0:0:1]", false},
      {"user@127.0.0.1", false},
      {"127.0.0.1@evil.example", false},
      {"127.0.0.1:80@evil.example", false},
      {"localhost:pass@evil.example", false},
      {"localhost.", false},
      {"localhost.evil.example", false},
      {"evillocalhost", false},
      {".localhost", false},
      {"a..localhost", false},
      {"a b.localhost", false},
      {"evil/.localhost", false},
      {"127.0.0.1:", false},
      {"127.0.0.1:65536", false},
      {"127.0.0.1:062893", false},
      {"127.0.0.1:8a", false},
      {"127.0.0.1:-1", false},
      {"127.0.0.1 ", false},
      {"127.1", false},
      {"127.0.0", false},
      {"127.0.0.", false},
      {"127.0.0.1.", false},
      {"127..0.1", false},
      {"127.0.0.256", false},
      {"127.0.0.01", false},
      {"0127.0.0.1", false},
      {"0x7f.0.0.1", false},
      {"2130706433", false},
      {"128.0.0.1", false},
      {"0.0.0.0", false},
      {"192.168.0.1", false},
      {"127.0.0.1,127.0.0.1", false},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct http_text host = text_of(cases[i].host);
    if (http_host_is_loopback(&host) != cases[i].wanted) fail_msg("not %d: %s", cases[i].wanted, cases[i].host);
  }
}

static void only_the_same_site_is_its_own(void **state) {
  static const struct {
    const char *origin;
    bool wanted;
  } cases[] = {
      {"http://127.0.0.1:62893", true},
      {"HTTP://127.0.0.1:62893", true},
      {"https://127.0.0.1:62893", false},
      {"http://127.0.0.1:62894", false},
      {"http://127.0.0.1", false},
      {"http://localhost:62893", false},
      {"http://127.0.0.1:62893.evil", false},
      {"http://evil.example", false},
      {"null", false},
      {"", false},
      {"http://127.0.0.1:62893/", false},
  };
  const struct http_text host = {"127.0.0.1:62893", strlen("127.0.0.1:62893")};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct http_text origin = text_of(cases[i].origin);
    if (http_origin_is_own(&origin, &host) != cases[i].wanted) fail_msg("not %d: %s", cases[i].wanted, cases[i].origin);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_loopback_is_loopback),
      cmocka_unit_test(only_the_same_site_is_its_own),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
