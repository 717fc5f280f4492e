/* Kinds of ports: IANA's edges, and this machine's own. */
#include "common/net/port_kind.h"

#include "tests/unit/unit_test.h"

static void iana_ranges_have_their_edges(void **state) {
  (void)state;
  static const struct {
    uint16_t port;
    enum port_iana_range range;
    const char *name;
    const char *limits;
  } cases[] = {
      {0, PORT_IANA_SYSTEM, "system", "0-1023"},
      {1023, PORT_IANA_SYSTEM, "system", "0-1023"},
      {1024, PORT_IANA_USER, "user", "1024-49151"},
      {49151, PORT_IANA_USER, "user", "1024-49151"},
      {49152, PORT_IANA_DYNAMIC, "dynamic", "49152-65535"},
      {62893, PORT_IANA_DYNAMIC, "dynamic", "49152-65535"},
      {65535, PORT_IANA_DYNAMIC, "dynamic", "49152-65535"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    enum port_iana_range range = port_kind_iana(cases[i].port);
    if (range != cases[i].range) fail_msg("%u: wanted %d, got %d", cases[i].port, cases[i].range, range);
    assert_string_equal(port_kind_iana_name(range), cases[i].name);
    assert_string_equal(port_kind_iana_limits(range), cases[i].limits);
  }
}

static void this_machine_lends_and_guards_its_own_ranges(void **state) {
  (void)state;
  const struct machine_ports usual = {
      .known = true, .ephemeral_first = 32768, .ephemeral_last = 60999, .unprivileged_first = 1024};
  const struct machine_ports open = {
      .known = true, .ephemeral_first = 1024, .ephemeral_last = 65535, .unprivileged_first = 0};
  const struct machine_ports unknown = {.ephemeral_last = 65535, .unprivileged_first = 1024};
  const struct {
    uint16_t port;
    const struct machine_ports *machine;
    bool lent;
    bool privileged;
  } cases[] = {
      {32767, &usual, false, false}, {32768, &usual, true, false},  {60999, &usual, true, false},
      {61000, &usual, false, false}, {62893, &usual, false, false}, {1023, &usual, false, true},
      {1024, &usual, false, false},  {1, &usual, false, true},      {0, &usual, false, false},
      {80, &open, false, false},     {65535, &open, true, false},   {80, &unknown, false, false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    bool lent = port_kind_is_lent(cases[i].port, cases[i].machine);
    bool privileged = port_kind_is_privileged(cases[i].port, cases[i].machine);
    if (lent != cases[i].lent || privileged != cases[i].privileged)
      fail_msg("case %zu, port %u: wanted %d and %d, got %d and %d", i, cases[i].port, cases[i].lent,
               cases[i].privileged, lent, privileged);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(iana_ranges_have_their_edges),
      cmocka_unit_test(this_machine_lends_and_guards_its_own_ranges),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
