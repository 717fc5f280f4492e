/* What the list of listeners says: to people and as JSON. */
#include "client/ports/port_view.h"
#include "client/sockets/port_list.h"
#include "tests/unit/explain_facts.h"

static struct port_socket sockets[8];
static struct port_row rows[8];
static struct port_list list;
static struct port_filter filter;
static struct own_addresses own;
static struct expected_port expected_lines[2];
static struct expected_list expected;
static struct port_view view;
static char text[16384];

static struct port_socket *add_socket(enum socket_state state, const char *host, uint16_t port) {
  struct port_socket *socket = &sockets[list.socket_count++];
  *socket = (struct port_socket){.state = state,
                                 .local = facts_address(host, port),
                                 .uid = 1000,
                                 .user = "alice",
                                 .inode = list.socket_count,
                                 .owner = SOCKET_OWNER_OUTSIDE};
  return socket;
}

static int begin(void **state) {
  (void)state;
  list = (struct port_list){.known = true, .sockets = sockets};
  filter = (struct port_filter){.pid = -1};
  own = (struct own_addresses){.known = true};
  view = (struct port_view){.list = &list,
                            .filter = &filter,
                            .rows = rows,
                            .own = &own,
                            .now = FACTS_NOW,
                            .own_user_id = 1000,
                            .with_notes = true};
  return 0;
}

static void put(void *owner, const char *line) {
  (void)owner;
  size_t used = strlen(text);
  snprintf(text + used, sizeof text - used, "%s\n", line);
}

static void report(void) {
  text[0] = '\0';
  view.row_count = port_rows_select(&list, &filter, rows);
  for (size_t i = 0; i < view.row_count && view.expected != NULL; i++) {
    const struct expected_port *match;
    rows[i].is_unexpected = expected_judge(view.expected, rows[i].socket, &match) != EXPECTED_YES;
  }
  struct style style = style_make(false, DRAW_ASCII, 100);
  port_report_text(&view, &style, put, NULL);
  port_report_judgement(&view, &style, put, NULL);
}

static const char *place_of(const char *part) {
  const char *place = strstr(text, part);
  if (place == NULL) fail_msg("wanted a report that says: %s\ngot:\n%s", part, text);
  return place;
}

static void expect_not(const char *part) {
  if (strstr(text, part) != NULL) fail_msg("wanted a report that does not say: %s\ngot:\n%s", part, text);
}

static void what_others_can_reach_stands_first_with_a_warning(void **state) {
  (void)state;
  facts_process(add_socket(SOCKET_STATE_LISTEN, "127.0.0.1", 22), 12, "sshd");
  facts_process(add_socket(SOCKET_STATE_LISTEN, "0.0.0.0", 8080), 4711, "python3 -m http.server");
  own.rows[own.count++] = (struct own_address){.interface_name = "eth0", .address = facts_address("10.0.0.5", 0)};
  report();
  const char *exposed = place_of("REACHABLE FROM OTHER MACHINES: 1 socket\n");
  const char *warning = place_of("Warning: whoever can send packets to this machine can talk to these");
  const char *address = place_of("10.0.0.5 (eth0)");
  const char *row = place_of("8080  tcp    0.0.0.0    python3 (pid 4711)  alice  2026-11-22T09:27:00Z (3 min ago)");
  const char *local = place_of("REACHABLE FROM THIS MACHINE ONLY: 1 socket\n");
  assert_true(exposed < warning && warning < address && address < row && row < local);
  assert_true(local < place_of("22    tcp    127.0.0.1  sshd (pid 12)"));
}

static void a_machine_without_other_addresses_is_said_to_be_alone(void **state) {
  (void)state;
  add_socket(SOCKET_STATE_LISTEN, "::", 80);
  report();
  place_of("It has none but loopback now");
}

static void hidden_and_outside_holders_are_listed_and_said_to_be_so(void **state) {
  (void)state;
  add_socket(SOCKET_STATE_LISTEN, "127.0.0.1", 5432)->owner = SOCKET_OWNER_HIDDEN;
  add_socket(SOCKET_STATE_LISTEN, "127.0.0.1", 5433);
  report();
  place_of("5432  tcp    127.0.0.1  hidden            alice  -");
  place_of("5433  tcp    127.0.0.1  not visible here  alice  -");
  place_of("The process of 1 socket is hidden: user id 1000 may not look into other users' processes.");
  place_of("1 socket is not held by any process that is visible here");
  view.own_user_id = 0;
  report();
  place_of("is hidden even from root");
  expect_not("sudo");
}

static void what_is_bound_and_does_not_listen_has_a_section_of_its_own(void **state) {
  (void)state;
  facts_process(add_socket(SOCKET_STATE_BOUND, "0.0.0.0", 9000), 5, "python3");
  report();
  place_of("BOUND, NOT LISTENING: 1 socket");
  expect_not("REACHABLE");
}

static void names_from_outside_are_escaped_and_all_holders_are_counted(void **state) {
  (void)state;
  struct port_socket *socket = add_socket(SOCKET_STATE_LISTEN, "127.0.0.1", 80);
  facts_process(socket, 1, "a\x1b[2Jb");
  for (int64_t pid = 2; pid <= PORT_PROCESSES_MAX; pid++)
    facts_process(socket, pid, "a\x1b[2Jb");
  socket->processes_left_out = 3;
  socket->processes[0].is_stopped = true;
  report();
  assert_null(strchr(text, '\x1b'));
  place_of("a\\x1b[2Jb (pids 1 stopped, 2, 3 and 8 more)");
}

static void nothing_listed_is_said_in_words(void **state) {
  (void)state;
  report();
  place_of("Nothing listens on this machine");
  add_socket(SOCKET_STATE_LISTEN, "127.0.0.1", 80);
  filter.only_udp = view.is_filtered = true;
  report();
  place_of("The only socket of this machine does not fit what was asked for.");
}

static void unexpected_and_missing_ports_are_named(void **state) {
  (void)state;
  facts_process(add_socket(SOCKET_STATE_LISTEN, "127.0.0.1", 8080), 7, "python3");
  facts_process(add_socket(SOCKET_STATE_LISTEN, "127.0.0.1", 62893), 8, "socat");
  expected_lines[0] = (struct expected_port){.line = 4, .port = 62893, .allows_tcp = true, .process = "lopong"};
  expected_lines[1] = (struct expected_port){.line = 5, .port = 53, .allows_udp = true};
  expected = (struct expected_list){.count = 2, .ports = expected_lines};
  view.expected = &expected;
  view.expected_path = "known.ports";
  report();
  place_of("! 8080");
  place_of("UNEXPECTED: 2 sockets are not in known.ports (marked ! above)");
  place_of("8080/tcp on 127.0.0.1: python3 (pid 7), user alice\n");
  place_of("62893/tcp on 127.0.0.1: socat (pid 8), user alice; line 4 expects lopong there");
  place_of("MISSING: 2 lines of known.ports nobody listens for\n  line 4: 62893/tcp lopong\n  line 5: 53/udp\n");
  filter.only_tcp = true;
  report();
  expect_not("53/udp");
}

static void the_json_is_whole_whatever_the_names_hold(void **state) {
  (void)state;
  char word[] = "\xff";
  char *const arguments[] = {word, word};
  facts_process(add_socket(SOCKET_STATE_LISTEN, "::", 80), 9, "\xff\xfe\"\n")->since = 0;
  add_socket(SOCKET_STATE_LISTEN, "127.0.0.1", 81)->owner = SOCKET_OWNER_HIDDEN;
  sockets[0].dual_stack = true;
  report();
  json_t *object = port_report_json(&view, 2, arguments);
  assert_non_null(object);
  assert_int_equal(json_integer_value(json_object_get(object, "schema_version")), 1);
  json_t *shown = json_object_get(object, "sockets");
  assert_int_equal(json_array_size(shown), 2);
  json_t *first = json_array_get(shown, 0);
  assert_true(json_is_true(json_object_get(first, "exposed")));
  assert_true(json_is_true(json_object_get(first, "takes_ipv4_too")));
  assert_true(json_is_null(json_object_get(first, "expected")));
  json_t *holder = json_array_get(json_object_get(first, "holders"), 0);
  assert_int_equal(json_integer_value(json_object_get(holder, "pid")), 9);
  assert_true(json_is_null(json_object_get(holder, "since")));
  json_t *second = json_array_get(shown, 1);
  assert_true(json_is_true(json_object_get(second, "holders_hidden")));
  assert_int_equal(json_array_size(json_object_get(second, "holders")), 0);
  char *dumped = json_dumps(object, 0);
  assert_non_null(dumped);
  free(dumped);
  json_decref(object);
}

static void a_change_is_one_line(void **state) {
  (void)state;
  char line[PORT_LINE_SIZE];
  struct port_socket *socket = add_socket(SOCKET_STATE_LISTEN, "0.0.0.0", 8080);
  facts_process(socket, 12, "python3");
  port_report_change(socket, '+', FACTS_NOW, line);
  assert_string_equal(
      line, "2026-11-22T09:30:00Z + 8080/tcp on 0.0.0.0: python3 (pid 12), user alice; other machines can reach it");
  port_report_change(socket, '-', FACTS_NOW, line);
  assert_string_equal(line, "2026-11-22T09:30:00Z - 8080/tcp on 0.0.0.0: python3 (pid 12), user alice");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(what_others_can_reach_stands_first_with_a_warning, begin),
      cmocka_unit_test_setup(a_machine_without_other_addresses_is_said_to_be_alone, begin),
      cmocka_unit_test_setup(hidden_and_outside_holders_are_listed_and_said_to_be_so, begin),
      cmocka_unit_test_setup(what_is_bound_and_does_not_listen_has_a_section_of_its_own, begin),
      cmocka_unit_test_setup(names_from_outside_are_escaped_and_all_holders_are_counted, begin),
      cmocka_unit_test_setup(nothing_listed_is_said_in_words, begin),
      cmocka_unit_test_setup(unexpected_and_missing_ports_are_named, begin),
      cmocka_unit_test_setup(the_json_is_whole_whatever_the_names_hold, begin),
      cmocka_unit_test_setup(a_change_is_one_line, begin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
