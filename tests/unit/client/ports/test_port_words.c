/* What may be typed for `loping ports`, and which sockets fit it. */
#include "client/ports/port_words.h"

#include <string.h>

#include "tests/unit/explain_facts.h"

static bool is_shown(const char *text, enum transport transport, const char *host, uint16_t port) {
  struct port_filter filter = {.pid = -1};
  char problem[OPTIONS_PROBLEM_SIZE];
  struct port_socket socket = {
      .transport = transport, .state = SOCKET_STATE_LISTEN, .local = facts_address(host, port)};
  if (!port_words_read(text, &filter, problem)) fail_msg("'%s': %s", text, problem);
  return port_filter_admits(&filter, &socket);
}

static void words_choose_sockets(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum transport transport;
    const char *host;
    uint16_t port;
    bool is_shown;
  } cases[] = {
      {"80", TRANSPORT_TCP, "0.0.0.0", 80, true},
      {"80", TRANSPORT_UDP, "::1", 80, true},
      {"80/tcp", TRANSPORT_UDP, "0.0.0.0", 80, false},
      {"80/udp", TRANSPORT_UDP, "0.0.0.0", 80, true},
      {"70,79-81", TRANSPORT_TCP, "0.0.0.0", 80, true},
      {"70,81-90", TRANSPORT_TCP, "0.0.0.0", 80, false},
      {"127.0.0.1:80", TRANSPORT_TCP, "127.0.0.1", 80, true},
      {"127.0.0.1:80", TRANSPORT_TCP, "0.0.0.0", 80, true},
      {"127.0.0.1:80", TRANSPORT_TCP, "::1", 80, false},
      {"127.0.0.1:80", TRANSPORT_TCP, "127.0.0.2", 80, false},
      {"localhost:80", TRANSPORT_TCP, "::1", 80, true},
      {"localhost:80", TRANSPORT_TCP, "10.0.0.1", 80, false},
      {"http://localhost/x", TRANSPORT_TCP, "127.0.0.1", 80, true},
      {"http://localhost/x", TRANSPORT_UDP, "127.0.0.1", 80, false},
      {"http://localhost:3000/x", TRANSPORT_TCP, "127.0.0.1", 80, false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    if (is_shown(cases[i].text, cases[i].transport, cases[i].host, cases[i].port) != cases[i].is_shown)
      fail_msg("%zu: '%s' and %s", i, cases[i].text, cases[i].host);
}

static void what_is_no_port_is_refused(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *says;
    bool only_udp;
  } cases[] = {
      {"0", "neither a port", false},
      {"90-80", "neither a port", false},
      {"80,", "neither a port", false},
      {"http", "neither a port", false},
      {"", "neither a port", false},
      {"65536", "neither a port", false},
      {"::1:80", "did you mean [::1]:80?", false},
      {"unix:/tmp/x", "is a unix socket", false},
      {"80/tcp", "--udp contradicts that", true},
      {"example.invalid:80", "names another host", false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct port_filter filter = {.pid = -1, .only_udp = cases[i].only_udp};
    char problem[OPTIONS_PROBLEM_SIZE];
    if (port_words_read(cases[i].text, &filter, problem)) fail_msg("'%s' was taken", cases[i].text);
    if (strstr(problem, cases[i].says) == NULL) fail_msg("'%s': %s", cases[i].text, problem);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_choose_sockets),
      cmocka_unit_test(what_is_no_port_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
