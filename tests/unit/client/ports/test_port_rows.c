/* Which listeners are listed, who can reach them, and in which order. */
#include "client/ports/port_rows.h"
#include "client/sockets/port_list.h"

#include "tests/unit/explain_facts.h"

static struct port_socket make_socket(enum transport transport, enum socket_state state, const char *host,
                                      uint16_t port) {
  struct port_socket socket = {.transport = transport, .state = state, .local = facts_address(host, port)};
  return socket;
}

static void every_address_but_loopback_is_reached_from_outside(void **state) {
  (void)state;
  static const struct {
    enum transport transport;
    enum socket_state state;
    const char *host;
    enum port_reach reach;
  } cases[] = {
      {TRANSPORT_TCP, SOCKET_STATE_LISTEN, "0.0.0.0", PORT_REACH_EXPOSED},
      {TRANSPORT_TCP, SOCKET_STATE_LISTEN, "::", PORT_REACH_EXPOSED},
      {TRANSPORT_TCP, SOCKET_STATE_LISTEN, "192.168.1.5", PORT_REACH_EXPOSED},
      {TRANSPORT_TCP, SOCKET_STATE_LISTEN, "fe80::1", PORT_REACH_EXPOSED},
      {TRANSPORT_TCP, SOCKET_STATE_LISTEN, "127.0.0.1", PORT_REACH_LOCAL},
      {TRANSPORT_TCP, SOCKET_STATE_LISTEN, "127.99.0.1", PORT_REACH_LOCAL},
      {TRANSPORT_TCP, SOCKET_STATE_LISTEN, "::1", PORT_REACH_LOCAL},
      {TRANSPORT_TCP, SOCKET_STATE_BOUND, "0.0.0.0", PORT_REACH_NOBODY},
      {TRANSPORT_UDP, SOCKET_STATE_BOUND, "0.0.0.0", PORT_REACH_EXPOSED},
      {TRANSPORT_UDP, SOCKET_STATE_BOUND, "::1", PORT_REACH_LOCAL},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct port_socket socket = make_socket(cases[i].transport, cases[i].state, cases[i].host, 80);
    enum port_reach reach = port_reach_of(&socket);
    if (reach != cases[i].reach) fail_msg("%s: wanted %d, got %d", cases[i].host, cases[i].reach, reach);
  }
}

static void what_others_can_reach_comes_first_then_the_ports_rise(void **state) {
  (void)state;
  struct port_socket sockets[] = {
      make_socket(TRANSPORT_TCP, SOCKET_STATE_BOUND, "127.0.0.1", 1),
      make_socket(TRANSPORT_TCP, SOCKET_STATE_LISTEN, "127.0.0.1", 22),
      make_socket(TRANSPORT_UDP, SOCKET_STATE_BOUND, "127.0.0.1", 9000),
      make_socket(TRANSPORT_TCP, SOCKET_STATE_LISTEN, "::1", 9000),
      make_socket(TRANSPORT_TCP, SOCKET_STATE_LISTEN, "127.0.0.1", 9000),
      make_socket(TRANSPORT_TCP, SOCKET_STATE_LISTEN, "::", 65535),
  };
  static const size_t wanted[] = {5, 1, 4, 3, 2, 0};
  struct port_list list = {.known = true, .socket_count = COUNT_OF(sockets), .sockets = sockets};
  struct port_filter all = {.pid = -1};
  struct port_row rows[COUNT_OF(sockets)];
  assert_int_equal(port_rows_select(&list, &all, rows), COUNT_OF(sockets));
  for (size_t i = 0; i < COUNT_OF(wanted); i++)
    if (rows[i].socket != &sockets[wanted[i]])
      fail_msg("row %zu: wanted socket %zu, got %td", i, wanted[i], rows[i].socket - sockets);
}

static void filters_let_through_what_fits_all_of_them(void **state) {
  (void)state;
  struct port_socket web = make_socket(TRANSPORT_TCP, SOCKET_STATE_LISTEN, "0.0.0.0", 8080);
  facts_process(&web, 4711, "python3 -m http.server");
  const struct {
    struct port_filter filter;
    bool admits;
  } cases[] = {
      {{.pid = -1}, true},
      {{.pid = -1, .only_tcp = true}, true},
      {{.pid = -1, .only_udp = true}, false},
      {{.pid = -1, .only_exposed = true}, true},
      {{.pid = -1, .only_local = true}, false},
      {{.pid = 4711}, true},
      {{.pid = 4712}, false},
      {{.pid = -1, .process = "python3"}, true},
      {{.pid = -1, .process = "python"}, false},
      {{.pid = -1, .range_count = 2, .ranges = {{.first = 1, .last = 10}, {.first = 8000, .last = 8100}}}, true},
      {{.pid = -1, .range_count = 1, .ranges = {{.first = 8081, .last = 8100}}}, false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    bool admits = port_filter_admits(&cases[i].filter, &web);
    if (admits != cases[i].admits) fail_msg("case %zu: wanted %d, got %d", i, cases[i].admits, admits);
  }
}

static void a_name_that_the_kernel_cut_is_still_found(void **state) {
  (void)state;
  struct port_process process = {.command = "systemd-resolve"};
  assert_true(port_process_is_called(&process, "systemd-resolved"));
  assert_true(port_process_is_called(&process, "systemd-resolve"));
  assert_false(port_process_is_called(&process, "systemd-resol"));
  struct port_process other = {.command = "nginx"};
  assert_false(port_process_is_called(&other, "nginx-debug"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_address_but_loopback_is_reached_from_outside),
      cmocka_unit_test(what_others_can_reach_comes_first_then_the_ports_rise),
      cmocka_unit_test(filters_let_through_what_fits_all_of_them),
      cmocka_unit_test(a_name_that_the_kernel_cut_is_still_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
