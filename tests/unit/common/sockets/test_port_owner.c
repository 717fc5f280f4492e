/* Which sockets overlap, and which of many a report keeps. */
#include "common/sockets/port_owner.h"

#include <string.h>

#include "common/sockets/socket_row.h"
#include "tests/unit/explain_facts.h"

static struct socket_row make_row(enum socket_state state, const char *host, uint64_t inode) {
  struct socket_row row;
  memset(&row, 0, sizeof row);
  row.state = state;
  row.local = facts_address(host, 62893);
  row.inode = inode;
  return row;
}

static void sockets_overlap_as_their_addresses_do(void **state) {
  (void)state;
  static const struct {
    const char *held;
    bool held_dual;
    const char *wanted;
    bool wanted_dual;
    bool overlaps;
  } cases[] = {
      {"127.0.0.1", false, "127.0.0.1", false, true}, {"127.0.0.2", false, "127.0.0.1", false, false},
      {"0.0.0.0", false, "127.0.0.1", false, true},   {"127.0.0.1", false, "0.0.0.0", false, true},
      {"::", true, "127.0.0.1", false, true},         {"::", false, "127.0.0.1", false, false},
      {"::1", false, "127.0.0.1", false, false},      {"::", false, "::1", false, true},
      {"127.0.0.1", false, "::", true, true},         {"127.0.0.1", false, "::", false, false},
      {"0.0.0.0", false, "::", true, true},           {"::ffff:127.0.0.1", false, "127.0.0.1", false, true},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct port_socket socket = {.local = facts_address(cases[i].held, 62893), .dual_stack = cases[i].held_dual};
    struct sockaddr_storage wanted = facts_address(cases[i].wanted, 62893);
    bool overlaps = port_socket_overlaps(&socket, &wanted, cases[i].wanted_dual);
    if (overlaps != cases[i].overlaps)
      fail_msg("%s and %s: wanted %d, got %d", cases[i].held, cases[i].wanted, cases[i].overlaps, overlaps);
  }
}

static void a_unix_socket_overlaps_no_address(void **state) {
  (void)state;
  struct port_socket socket = {.transport = TRANSPORT_UNIX};
  struct sockaddr_storage wanted = facts_address("0.0.0.0", 0);
  assert_false(port_socket_overlaps(&socket, &wanted, true));
}

static void a_full_report_keeps_what_stands_in_the_way(void **state) {
  (void)state;
  struct port_report *report = facts_report();
  struct sockaddr_storage wanted = facts_address("127.0.0.1", 62893);
  struct socket_row row;
  for (uint64_t i = 0; i < 100; i++) {
    row = make_row(i % 2 == 0 ? SOCKET_STATE_LISTEN : SOCKET_STATE_ESTABLISHED, "127.0.0.2", 1000 + i);
    port_report_keep(report, &row, &wanted);
  }
  row = make_row(SOCKET_STATE_TIME_WAIT, "127.0.0.1", 0);
  port_report_keep(report, &row, &wanted);
  row = make_row(SOCKET_STATE_LISTEN, "0.0.0.0", 1);
  port_report_keep(report, &row, &wanted);
  port_report_sort(report, &wanted);
  assert_int_equal(report->socket_count, PORT_SOCKETS_MAX);
  assert_int_equal(report->sockets_left_out, 102 - PORT_SOCKETS_MAX);
  assert_int_equal(report->sockets[0].inode, 1);
  assert_int_equal(report->sockets[PORT_SOCKETS_MAX - 1].state, SOCKET_STATE_TIME_WAIT);
  for (size_t i = 1; i + 1 < PORT_SOCKETS_MAX; i++)
    assert_int_equal(report->sockets[i].state, SOCKET_STATE_LISTEN);
  free(report);
}

static void a_row_that_comes_twice_is_kept_once(void **state) {
  (void)state;
  struct port_report *report = facts_report();
  struct socket_row row = make_row(SOCKET_STATE_LISTEN, "127.0.0.1", 5);
  port_report_keep(report, &row, NULL);
  port_report_keep(report, &row, NULL);
  row.inode = 6; /* SO_REUSEPORT: another socket on the same address */
  port_report_keep(report, &row, NULL);
  row = make_row(SOCKET_STATE_TIME_WAIT, "127.0.0.1", 0);
  row.remote = facts_address("127.0.0.1", 40000);
  port_report_keep(report, &row, NULL);
  port_report_keep(report, &row, NULL);
  row.remote = facts_address("127.0.0.1", 40001);
  port_report_keep(report, &row, NULL);
  assert_int_equal(report->socket_count, 4);
  free(report);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sockets_overlap_as_their_addresses_do),
      cmocka_unit_test(a_unix_socket_overlaps_no_address),
      cmocka_unit_test(a_full_report_keeps_what_stands_in_the_way),
      cmocka_unit_test(a_row_that_comes_twice_is_kept_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
