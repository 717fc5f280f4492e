/* The lines of a list of documented ports, and what is held against it. */
#include "client/ports/expected.h"
#include "client/sockets/port_list.h"

#include "tests/unit/explain_facts.h"

static void lines_are_read_or_told_apart(void **state) {
  (void)state;
  static const struct {
    const char *line;
    enum expected_line kind;
    uint16_t port;
    bool allows_tcp, allows_udp;
    const char *process;
  } cases[] = {
      {"62893 lopong # class demo", EXPECTED_LINE_PORT, 62893, true, true, "lopong"},
      {"62893/tcp lopong", EXPECTED_LINE_PORT, 62893, true, false, "lopong"},
      {"53/udp", EXPECTED_LINE_PORT, 53, false, true, ""},
      {"\t 80   nginx\t# web\r", EXPECTED_LINE_PORT, 80, true, true, "nginx"},
      {"80# no blank before the remark", EXPECTED_LINE_PORT, 80, true, true, ""},
      {"80 nginx#", EXPECTED_LINE_PORT, 80, true, true, "nginx"},
      {"", EXPECTED_LINE_EMPTY, 0, false, false, ""},
      {"   # 80 nginx", EXPECTED_LINE_EMPTY, 0, false, false, ""},
      {"nginx 80", EXPECTED_LINE_BAD, 0, false, false, ""},
      {"0", EXPECTED_LINE_BAD, 0, false, false, ""},
      {"65536", EXPECTED_LINE_BAD, 0, false, false, ""},
      {"999999999999999999999", EXPECTED_LINE_BAD, 0, false, false, ""},
      {"80/sctp", EXPECTED_LINE_BAD, 0, false, false, ""},
      {"80/tcpx", EXPECTED_LINE_BAD, 0, false, false, ""},
      {"80-90", EXPECTED_LINE_BAD, 0, false, false, ""},
      {"80 nginx web server", EXPECTED_LINE_BAD, 0, false, false, ""},
      {"80 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", EXPECTED_LINE_BAD, 0, false, false, ""},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct expected_port port;
    char problem[EXPECTED_PROBLEM_SIZE] = "";
    enum expected_line kind = expected_read_line(cases[i].line, &port, problem);
    if (kind != cases[i].kind) fail_msg("'%s': wanted %d, got %d (%s)", cases[i].line, cases[i].kind, kind, problem);
    if (kind == EXPECTED_LINE_BAD) assert_true(problem[0] != '\0');
    if (kind != EXPECTED_LINE_PORT) continue;
    if (port.port != cases[i].port || port.allows_tcp != cases[i].allows_tcp ||
        port.allows_udp != cases[i].allows_udp || strcmp(port.process, cases[i].process) != 0)
      fail_msg("'%s': got %u tcp %d udp %d '%s'", cases[i].line, port.port, port.allows_tcp, port.allows_udp,
               port.process);
  }
}

static void a_bad_word_is_shown_escaped(void **state) {
  (void)state;
  struct expected_port port;
  char problem[EXPECTED_PROBLEM_SIZE];
  assert_int_equal(expected_read_line("80/\x1b[31m", &port, problem), EXPECTED_LINE_BAD);
  assert_null(strchr(problem, '\x1b'));
  assert_non_null(strstr(problem, "\\x1b"));
}

static void sockets_are_judged_by_port_transport_and_process(void **state) {
  (void)state;
  struct expected_port lines[] = {
      {.line = 1, .port = 62893, .allows_tcp = true, .allows_udp = true, .process = "lopong"},
      {.line = 2, .port = 53, .allows_udp = true},
      {.line = 3, .port = 62893, .allows_tcp = true, .process = "socat"},
  };
  struct expected_list list = {.count = COUNT_OF(lines), .ports = lines};
  static const struct {
    enum transport transport;
    uint16_t port;
    const char *process;
    enum expected_verdict verdict;
    uint32_t line;
  } cases[] = {
      {TRANSPORT_TCP, 62893, "lopong", EXPECTED_YES, 1},
      {TRANSPORT_UDP, 62893, "lopong", EXPECTED_YES, 1},
      {TRANSPORT_TCP, 62893, "socat", EXPECTED_YES, 3},
      {TRANSPORT_TCP, 62893, "python3", EXPECTED_OTHER_PROCESS, 1},
      {TRANSPORT_UDP, 62893, "socat", EXPECTED_OTHER_PROCESS, 1},
      {TRANSPORT_TCP, 62893, NULL, EXPECTED_UNTOLD, 1},
      {TRANSPORT_UDP, 53, NULL, EXPECTED_YES, 2},
      {TRANSPORT_TCP, 53, "dnsmasq", EXPECTED_NO, 0},
      {TRANSPORT_TCP, 80, "nginx", EXPECTED_NO, 0},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const struct expected_port *match;
    struct port_socket socket = {.transport = cases[i].transport, .local = facts_address("127.0.0.1", cases[i].port)};
    if (cases[i].process != NULL) facts_process(&socket, 1, cases[i].process);
    enum expected_verdict verdict = expected_judge(&list, &socket, &match);
    uint32_t line = match == NULL ? 0 : match->line;
    if (verdict != cases[i].verdict || line != cases[i].line)
      fail_msg("case %zu: wanted %d by line %u, got %d by line %u", i, cases[i].verdict, cases[i].line, verdict, line);
  }
}

static void what_only_has_its_port_does_not_make_a_line_true(void **state) {
  (void)state;
  struct expected_port line = {.line = 1, .port = 80, .allows_tcp = true};
  struct port_socket socket = {.state = SOCKET_STATE_BOUND, .local = facts_address("127.0.0.1", 80)};
  struct port_list list = {.known = true, .socket_count = 1, .sockets = &socket};
  assert_false(expected_is_there(&line, &list));
  socket.state = SOCKET_STATE_LISTEN;
  assert_true(expected_is_there(&line, &list));
}

static uint32_t bad_lines[8];
static size_t bad_count;

static void on_bad(void *owner, uint32_t line, const char *problem) {
  (void)owner;
  (void)problem;
  assert_true(bad_count < COUNT_OF(bad_lines));
  bad_lines[bad_count++] = line;
}

static void bad_lines_of_a_file_are_told_by_number(void **state) {
  (void)state;
  char path[] = "/tmp/test_expected.XXXXXX";
  int made = mkstemp(path);
  assert_true(made >= 0);
  FILE *file = fdopen(made, "w");
  assert_non_null(file);
  fputs("# ports\n80 nginx\nnginx 80\n", file);
  for (int i = 0; i < 1000; i++)
    fputs("8080", file);
  fputs("\n\n443/tcp", file);
  fclose(file);
  struct expected_list list;
  bad_count = 0;
  int code = expected_load(path, &list, on_bad, NULL);
  remove(path);
  assert_int_equal(code, 0);
  assert_int_equal(list.count, 2);
  assert_int_equal(list.ports[0].line, 2);
  assert_int_equal(list.ports[1].line, 6);
  assert_int_equal(list.ports[1].port, 443);
  assert_int_equal(bad_count, 2);
  assert_int_equal(bad_lines[0], 3);
  assert_int_equal(bad_lines[1], 4);
  expected_free(&list);
  assert_int_equal(expected_load("/nowhere/at/all", &list, on_bad, NULL), UV_ENOENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_are_read_or_told_apart),
      cmocka_unit_test(a_bad_word_is_shown_escaped),
      cmocka_unit_test(sockets_are_judged_by_port_transport_and_process),
      cmocka_unit_test(what_only_has_its_port_does_not_make_a_line_true),
      cmocka_unit_test(bad_lines_of_a_file_are_told_by_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
