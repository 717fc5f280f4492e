/* Client failures in words: what a refusal, a silence or a wrong answer means with the sockets that are known. */
#include "client/failure/client_failure_rows.h"
#include "tests/unit/explain_facts.h"

static struct port_report *report;
static struct client_failure failure;
static struct explanation explanation;

static int set_up(void **state) {
  (void)state;
  report = facts_report();
  memset(&failure, 0, sizeof failure);
  failure.code = UV_ECONNREFUSED;
  failure.step = CLIENT_STEP_CONNECT;
  failure.target.transport = TRANSPORT_TCP;
  failure.target.address = facts_address("127.0.0.1", 62893);
  strcpy(failure.host, "127.0.0.1");
  failure.timeout_ns = UINT64_C(3000000000);
  failure.sockets = report;
  failure.ports = facts_ports;
  failure.own_user_id = 1000;
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  free(report);
  return 0;
}

static void explain(void) {
  explain_client_failure(&failure, &explanation);
}

static void expect(const char *part) {
  facts_expect(&explanation, part);
}

static void expect_not(const char *part) {
  facts_expect_not(&explanation, part);
}

static void use_udp(void) {
  failure.target.transport = TRANSPORT_UDP;
  failure.step = CLIENT_STEP_GREET;
}

static void use_unix(const char *path) {
  failure.target.transport = TRANSPORT_UNIX;
  strcpy(failure.target.path, path);
}

static void a_refusal_without_a_listener_says_how_to_start_one(void **state) {
  (void)state;
  explain();
  expect("cannot connect to 127.0.0.1:62893 (tcp): connection refused (ECONNREFUSED).");
  expect("Nobody listens on 127.0.0.1:62893 (tcp). Is a server running?");
  expect("start a server in another terminal: lopong --port 62893");
  failure.target.address = facts_address("::1", 7777);
  explain();
  expect("lopong --bind ::1 --port 7777");
}

static void a_listener_elsewhere_is_named(void **state) {
  (void)state;
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "::1", 62893), 4711, "lopong");
  explain();
  expect("A server is listening on port 62893, but only on [::1]:62893, not on 127.0.0.1.");
  expect("process 4711 (lopong)");
  expect("- use the server's address: loping [::1]:62893");
  expect_not("Nobody listens");
}

static void a_listener_right_there_means_a_firewall(void **state) {
  (void)state;
  static const struct {
    const char *host;
    bool dual_stack;
  } cases[] = {{"127.0.0.1", false}, {"0.0.0.0", false}, {"::", true}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    report->socket_count = 0;
    facts_socket(report, SOCKET_STATE_LISTEN, cases[i].host, 62893)->dual_stack = cases[i].dual_stack;
    explain();
    expect("A server listens on");
    expect("the refusal does not come from it: a firewall on this machine answers");
    expect("sudo nft list ruleset");
    expect_not("Nobody listens");
    expect_not("start a server");
  }
}

static void a_socket_that_only_has_the_port_does_not_listen(void **state) {
  (void)state;
  facts_process(facts_socket(report, SOCKET_STATE_BOUND, "127.0.0.1", 62893), 4711, "slow starter");
  explain();
  expect("a socket has 127.0.0.1:62893, but listen() was not called on it. The holder is process 4711 (slow starter)");
}

static void unknown_sockets_are_not_talked_about(void **state) {
  (void)state;
  failure.sockets = NULL;
  explain();
  expect("Nothing accepts connections on 127.0.0.1:62893 (tcp). Is a server running there?");
  failure.sockets = report;
  facts_socket(report, SOCKET_STATE_LISTEN, "0.0.0.0", 62893);
  failure.target.address = facts_address("10.0.0.1", 62893);
  explain();
  expect("Nothing accepts connections on 10.0.0.1:62893 (tcp)");
  expect_not("A server listens");
}

static void a_refused_datagram_says_that_nobody_receives(void **state) {
  (void)state;
  use_udp();
  explain();
  expect("cannot measure 127.0.0.1:62893 (udp): connection refused (ECONNREFUSED).");
  expect("Nobody receives on 127.0.0.1:62893 (udp).");
  expect("ss -aunp");
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_BOUND, "127.0.0.1", 62893);
  socket->transport = TRANSPORT_UDP;
  explain();
  expect("A server has 127.0.0.1:62893.");
  expect("a firewall on this machine answers");
}

static void a_timeout_without_a_listener_is_a_firewall(void **state) {
  (void)state;
  failure.code = UV_ETIMEDOUT;
  explain();
  expect("cannot connect to 127.0.0.1:62893 (tcp): no answer (ETIMEDOUT).");
  expect("No answer came within 3.00 s. A port where nobody listens refuses at once, so the packets are silently");
  expect("Besides, nobody listens on port 62893.");
  expect("sudo nft list ruleset");
}

static void a_timeout_beside_a_listener_depends_on_its_queue(void **state) {
  (void)state;
  static const struct {
    uint32_t queued;
    uint32_t limit;
    const char *says;
  } cases[] = {
      {0, 128, "It has room for connections, but no answer came within 3.00 s: the packets are silently discarded"},
      {1, 1, "It has room for connections"},
      {2, 1, "It accepts nobody: 2 connections wait in its queue for 1"},
      {7, 0, "It has room for connections"},
  };
  failure.code = UV_ETIMEDOUT;
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893);
  facts_process(socket, 4711, "busy");
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    socket->queued = cases[i].queued;
    socket->queue_limit = cases[i].limit;
    explain();
    expect("process 4711 (busy)");
    expect(cases[i].says);
  }
}

static void a_silent_server_may_be_stopped(void **state) {
  (void)state;
  failure.code = 0;
  failure.step = CLIENT_STEP_GREET;
  failure.finding = CLIENT_FINDING_SILENT;
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893);
  struct port_process *process = facts_process(socket, 4711, "lopong");
  process->is_stopped = true;
  socket->queued = 1;
  explain();
  expect("cannot measure 127.0.0.1:62893 (tcp): the server does not answer (NO_ANSWER).");
  expect("Process 4711 is stopped (SIGSTOP)");
  expect("let it go on: kill -CONT 4711");
  process->is_stopped = false;
  explain();
  expect("but the server has not accepted it: 1 wait in its queue. No echo came within 3.00 s.");
  socket->queued = 0;
  explain();
  expect("It took the request, and no echo came within 3.00 s");
}

static void a_silent_datagram_port_is_a_firewall(void **state) {
  (void)state;
  use_udp();
  failure.code = 0;
  failure.finding = CLIENT_FINDING_SILENT;
  explain();
  expect("No echo came within 3.00 s, and no refusal either");
  expect("a firewall discards the packets");
}

static void a_hang_up_keeps_what_was_measured(void **state) {
  (void)state;
  static const struct {
    int code;
    enum client_finding finding;
    uint64_t measured;
    const char *says;
  } cases[] = {
      {UV_ECONNRESET, CLIENT_FINDING_NONE, 1234,
       "lost 127.0.0.1:62893 (tcp) after 1,234 round trips: the connection was reset (ECONNRESET). Measured before "
       "it: 1,234 round trips."},
      {UV_ECONNRESET, CLIENT_FINDING_HUNG_UP, 0, "the server closed the connection (ECONNRESET)"},
      {0, CLIENT_FINDING_HUNG_UP, 0, "(HUNG_UP). It accepted the connection and closed it before the first echo."},
      {UV_EOF, CLIENT_FINDING_HUNG_UP, 7, "lost 127.0.0.1:62893 (tcp) after 7 round trips"},
      {UV_EPIPE, CLIENT_FINDING_NONE, 1, "after 1 round trip: the connection was reset (EPIPE)"},
  };
  failure.step = CLIENT_STEP_MEASURE;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    failure.code = cases[i].code;
    failure.finding = cases[i].finding;
    failure.measured = cases[i].measured;
    explain();
    expect(cases[i].says);
  }
  failure.measured = 9;
  explain();
  expect("Nobody listens there any more: the server has ended.");
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893), 4711, "still there");
  explain();
  expect("process 4711 (still there)");
  expect_not("Nobody listens");
}

static void another_protocol_shows_its_first_bytes(void **state) {
  (void)state;
  failure.code = 0;
  failure.step = CLIENT_STEP_GREET;
  failure.finding = CLIENT_FINDING_NOT_ECHO;
  memcpy(failure.first_bytes, "HTTP/1.1 400\r\n\x1b[2J\0", 19);
  failure.first_bytes_length = 19;
  explain();
  expect("the server there is no echo server (NOT_ECHO).");
  expect("lopong --port 0");
  expect("This one sent: \"HTTP/1.1 400\\r\\n\\x1b[2J\\x00\".");
  expect_not("\x1b");
  failure.first_bytes_length = SIZE_MAX;
  explain();
  expect("HTTP/1.1 400");
  failure.first_bytes_length = 0;
  explain();
  expect("This one sent something else.");
}

static void a_self_connect_is_explained_by_this_machines_range(void **state) {
  (void)state;
  failure.code = 0;
  failure.finding = CLIENT_FINDING_SELF_CONNECT;
  failure.target.address = facts_address("127.0.0.1", 40000);
  explain();
  expect("the connection reached itself (SELF_CONNECT). Nobody listens on port 40000.");
  expect("lends the ports 32768 to 60999 to outgoing connections (net.ipv4.ip_local_port_range), and it lent 40000 to");
  expect("use a port outside 32768-60999");
}

static void no_client_port_left_comes_with_the_range(void **state) {
  (void)state;
  failure.code = UV_EADDRNOTAVAIL;
  explain();
  expect("no client port is left (EADDRNOTAVAIL).");
  expect("this machine lends only the 28232 ports 32768 to 60999");
  failure.target.address = facts_address("::1", 62893);
  failure.ipv6_off = MACHINE_YES;
  explain();
  expect("IPv6 is switched off on this machine: net.ipv6.conf.lo.disable_ipv6 is 1.");
  expect("loping 127.0.0.1:62893");
}

static void an_unknown_name_is_quoted(void **state) {
  (void)state;
  failure.code = UV_EAI_NONAME;
  failure.step = CLIENT_STEP_RESOLVE;
  strcpy(failure.host, "no-such\x1b.invalid");
  explain();
  expect("cannot look up \"no-such\\x1b.invalid\": the name is not known (EAI_NONAME).");
  expect("getent ahosts");
}

static void unix_targets_have_their_own_words(void **state) {
  (void)state;
  static const struct {
    int code;
    const char *says;
  } cases[] = {
      {UV_ENOENT, "There is no socket at unix:/run/x. Is a server running?"},
      {UV_ECONNREFUSED, "The file of unix:/run/x exists, but nobody listens on it"},
      {UV_EACCES, "User id 1000 may not write to the socket /run/x"},
  };
  use_unix("/run/x");
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    failure.code = cases[i].code;
    explain();
    expect("cannot connect to unix:/run/x: ");
    expect(cases[i].says);
  }
  failure.code = UV_ENOENT;
  explain();
  expect("lopong --unix /run/x");
}

static void refusals_before_any_server_name_the_rules(void **state) {
  (void)state;
  static const struct {
    int code;
    const char *says;
  } cases[] = {
      {UV_EACCES, "A rule of this machine forbids packets to 127.0.0.1:62893 (tcp)"},
      {UV_EPERM, "A rule of this machine forbids packets to 127.0.0.1:62893 (tcp)"},
      {UV_EHOSTUNREACH, "There is no way to 127.0.0.1 from here"},
      {UV_ENETUNREACH, "sudo ip link set lo up"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    failure.code = cases[i].code;
    explain();
    expect(cases[i].says);
  }
}

static void any_other_code_is_told_in_the_words_table_or_the_systems_words(void **state) {
  (void)state;
  failure.code = UV_ENOBUFS;
  failure.step = CLIENT_STEP_MEASURE;
  explain();
  expect("cannot measure 127.0.0.1:62893 (tcp): the network has no buffer left (ENOBUFS).");
  failure.code = UV_EXDEV;
  explain();
  expect("cannot measure 127.0.0.1:62893 (tcp): cross-device link not permitted (EXDEV).");
  expect("It came while loping measured");
}

static void every_code_at_every_step_makes_whole_sentences(void **state) {
  (void)state;
  static const int codes[] = {UV_ECONNREFUSED, UV_ETIMEDOUT,  UV_ECONNRESET,    UV_EOF,        UV_ENOENT, UV_EACCES,
                              UV_EPERM,        UV_EADDRINUSE, UV_EADDRNOTAVAIL, UV_EAI_NONAME, UV_EMFILE, -4000};
  static const struct port_report *reports[2];
  char text[EXPLAIN_TEXT_SIZE];
  reports[1] = report;
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "0.0.0.0", 62893), 4711, "server");
  for (size_t i = 0; i < COUNT_OF(codes); i++)
    for (int step = CLIENT_STEP_RESOLVE; step <= CLIENT_STEP_MEASURE; step++)
      for (int finding = CLIENT_FINDING_NONE; finding <= CLIENT_FINDING_HUNG_UP; finding++)
        for (int transport = TRANSPORT_TCP; transport <= TRANSPORT_UNIX; transport++)
          for (size_t known = 0; known < 2; known++) {
            failure.code = codes[i];
            failure.step = (enum client_step)step;
            failure.finding = (enum client_finding)finding;
            failure.target.transport = (enum transport)transport;
            failure.sockets = reports[known];
            explain();
            explain_format("loping", &explanation, text);
            assert_non_null(strstr(text, ")."));
            assert_true(explanation.likely_cause[0] != '\0');
            json_t *json = explain_to_json(&explanation, failure.sockets);
            assert_non_null(json);
            json_decref(json);
          }
}

#define WITH_FACTS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_FACTS(a_refusal_without_a_listener_says_how_to_start_one),
      WITH_FACTS(a_listener_elsewhere_is_named),
      WITH_FACTS(a_listener_right_there_means_a_firewall),
      WITH_FACTS(a_socket_that_only_has_the_port_does_not_listen),
      WITH_FACTS(unknown_sockets_are_not_talked_about),
      WITH_FACTS(a_refused_datagram_says_that_nobody_receives),
      WITH_FACTS(a_timeout_without_a_listener_is_a_firewall),
      WITH_FACTS(a_timeout_beside_a_listener_depends_on_its_queue),
      WITH_FACTS(a_silent_server_may_be_stopped),
      WITH_FACTS(a_silent_datagram_port_is_a_firewall),
      WITH_FACTS(a_hang_up_keeps_what_was_measured),
      WITH_FACTS(another_protocol_shows_its_first_bytes),
      WITH_FACTS(a_self_connect_is_explained_by_this_machines_range),
      WITH_FACTS(no_client_port_left_comes_with_the_range),
      WITH_FACTS(an_unknown_name_is_quoted),
      WITH_FACTS(unix_targets_have_their_own_words),
      WITH_FACTS(refusals_before_any_server_name_the_rules),
      WITH_FACTS(any_other_code_is_told_in_the_words_table_or_the_systems_words),
      WITH_FACTS(every_code_at_every_step_makes_whole_sentences),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
