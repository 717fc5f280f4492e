/* Client failures in words: what the run saw, then check's verdict; and sentences of their own for what is no port. */
#include "client/check/advice.h"
#include "client/failure/client_failure.h"
#include "client/failure/progress.h"
#include "tests/unit/explain_facts.h"

static struct port_report *report;
static struct client_failure failure;
static struct explanation explanation;
static struct advice advice;
static struct second_look look;

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
  failure.own_user_id = 1000;
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  free(report);
  return 0;
}

/* What check would find with these facts, and who has the port. */
static void look_at(const struct port_facts *facts, const struct port_socket *holder) {
  static struct examination examination;
  static struct port_list sockets;
  static struct port_socket socket;
  struct advice_context context = {
      .examination = &examination, .sockets = &sockets, .show_firewall = "nft list ruleset"};
  memset(&examination, 0, sizeof examination);
  examination.target = failure.target;
  examination.facts = *facts;
  examination.verdict = verdict_decide(facts);
  if (holder != NULL) {
    socket = *holder;
    sockets.sockets = &socket;
    sockets.socket_count = examination.holder_count = 1;
  }
  context.ports = facts_ports;
  context.timeout_ns = failure.timeout_ns;
  context.own_user_id = 1000;
  advice_write(&context, &advice);
  look.verdict = examination.verdict;
  look.is_healthy = verdict_exit_status(examination.verdict, facts) == 0;
  look.advice = &advice;
}

static void explain(void) {
  explain_client_failure(&failure, NULL, &explanation);
}

static void explain_looked(void) {
  explain_client_failure(&failure, &look, &explanation);
}

static void expect(const char *part) {
  facts_expect(&explanation, part);
}

static void expect_not(const char *part) {
  facts_expect_not(&explanation, part);
}

static void use_unix(const char *path) {
  failure.target.transport = TRANSPORT_UNIX;
  strcpy(failure.target.path, path);
}

#define LISTENER .loopback_is_there = true, .listener = {.is_known = true, .is_here = true, .queue_limit = 16}
#define NOBODY   .loopback_is_there = true, .listener = {.is_known = true}

static void a_failure_on_a_port_has_the_words_and_the_steps_of_the_verdict(void **state) {
  (void)state;
  static const struct {
    int code;
    struct port_facts facts;
    const char *happened, *cause, *step;
  } cases[] = {
      {UV_ECONNREFUSED,
       {NOBODY, .probe = {.outcome = PROBE_REFUSED}, .counters = {.resets_sent = 1}},
       "cannot connect to 127.0.0.1:62893 (tcp): connection refused (ECONNREFUSED).",
       "Nobody listens there.",
       "start a server in another terminal: lopong --port 62893"},
      {UV_ECONNREFUSED,
       {LISTENER, .probe = {.outcome = PROBE_REFUSED}},
       "connection refused (ECONNREFUSED).",
       "A firewall refuses it with a reset. A server listens there.",
       "nft list ruleset"},
      {UV_ETIMEDOUT,
       {LISTENER, .probe = {.outcome = PROBE_TIMED_OUT}},
       "no answer within 3.00 s (ETIMEDOUT).",
       "A firewall silently discards what is sent to this port.",
       "nft list ruleset"},
      {UV_ETIMEDOUT,
       {.loopback_is_there = true,
        .listener = {.is_known = true, .is_here = true, .queued = 2, .queue_limit = 1},
        .probe = {.outcome = PROBE_TIMED_OUT},
        .counters = {.listen_overflows = 1}},
       "no answer within 3.00 s (ETIMEDOUT).",
       "its queue is full (2 wait, 1 may).",
       "it has to call accept()"},
      {UV_EADDRNOTAVAIL,
       {NOBODY, .probe = {.outcome = PROBE_NO_ADDRESS}},
       "(EADDRNOTAVAIL).",
       "No port is left for the client's side",
       "use fewer connections"},
      {UV_ETIMEDOUT,
       {.probe = {.outcome = PROBE_TIMED_OUT}},
       "no answer within 3.00 s",
       "The loopback interface is down",
       "ip link set lo up"},
      {UV_EACCES,
       {LISTENER, .probe = {.outcome = PROBE_FORBIDDEN, .is_immediate = true}},
       "not allowed (EACCES).",
       "A routing rule of this machine forbids packets to 127.0.0.1.",
       "ip rule"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    failure.code = cases[i].code;
    look_at(&cases[i].facts, NULL);
    explain_looked();
    expect(cases[i].happened);
    expect(cases[i].cause);
    expect(cases[i].step);
    expect_not("second look");
  }
}

static void the_holder_of_the_verdict_is_named(void **state) {
  (void)state;
  static const struct port_facts elsewhere = {
      .loopback_is_there = true,
      .listener = {.is_known = true, .is_elsewhere = true},
      .probe = {.outcome = PROBE_REFUSED},
      .counters = {.resets_sent = 1},
  };
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "::1", 62893), 4711, "lopong");
  look_at(&elsewhere, &report->sockets[0]);
  explain_looked();
  expect("A server listens, but on [::1]:62893, not on 127.0.0.1.");
  expect("process 4711 (lopong)");
  expect("- use the server's address: loping [::1]:62893");
  assert_int_equal(explanation.holder_count, 1);
}

static void a_second_look_that_finds_nothing_wrong_is_said(void **state) {
  (void)state;
  static const struct port_facts open = {LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_ECHO}};
  look_at(&open, NULL);
  explain_looked();
  expect("connection refused (ECONNREFUSED). A second look a moment later found it open: an echo server answers");
  failure.code = UV_ETIMEDOUT;
  failure.finding = CLIENT_FINDING_SILENT;
  failure.step = CLIENT_STEP_GREET;
  explain_looked();
  expect("no echo came within 3.00 s (ETIMEDOUT). It is no echo server, or it is stuck. A second look");
}

static void a_server_that_was_named_by_the_second_look_is_named(void **state) {
  (void)state;
  static const struct port_facts web = {
      LISTENER,
      .probe = {.outcome = PROBE_CONNECTED,
                .answer = ANSWER_KNOWN,
                .protocol = {.protocol = PROTOCOL_HTTP, .product = "nginx/1.22.1"}},
  };
  static const struct port_facts quiet = {LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_QUIET}};
  failure.code = UV_ETIMEDOUT;
  failure.finding = CLIENT_FINDING_SILENT;
  failure.step = CLIENT_STEP_GREET;
  look_at(&web, NULL);
  explain_looked();
  expect("It is no echo server, or it is stuck. A server answers, and it speaks HTTP (nginx/1.22.1).");
  look_at(&quiet, NULL);
  explain_looked();
  expect("It is no echo server, or it is stuck.");
  expect_not("Nothing was sent");
  expect_not("--ask");
}

static void a_paused_server_is_told_from_one_that_is_silent(void **state) {
  (void)state;
  static const struct port_facts paused = {
      .loopback_is_there = true,
      .listener = {.is_known = true, .is_here = true, .queue_limit = 16, .is_stopped = true},
      .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_SILENT},
      .server_half = {.is_found = true, .unread_bytes = 16},
  };
  failure.code = 0;
  failure.step = CLIENT_STEP_GREET;
  failure.finding = CLIENT_FINDING_SILENT;
  struct port_process *process =
      facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893), 4711, "lopong");
  process->is_stopped = true;
  look_at(&paused, &report->sockets[0]);
  explain_looked();
  expect("cannot measure 127.0.0.1:62893 (tcp): no echo came within 3.00 s (NO_ANSWER).");
  expect("its process 4711 is stopped");
  expect("let it go on: kill -CONT 4711");
  expect_not("It is no echo server");
}

static void what_came_before_the_end_is_said(void **state) {
  (void)state;
  static const struct {
    int code;
    enum client_finding finding;
    struct run_account account;
    const char *says;
  } cases[] = {
      {UV_ECONNRESET,
       CLIENT_FINDING_NONE,
       {.has_echoed = true, .round_trips = 1234, .elapsed_ns = 1500000000},
       "lost 127.0.0.1:62893 (tcp) after 1,234 round trips (1.50 s): the connection was reset (ECONNRESET). Measured "
       "before it: 1,234 round trips."},
      {UV_ECONNRESET, CLIENT_FINDING_HUNG_UP, {0}, "closed the connection before the first echo (ECONNRESET)"},
      {UV_ECONNRESET,
       CLIENT_FINDING_HUNG_UP,
       {.has_echoed = true},
       "cannot measure 127.0.0.1:62893 (tcp): the server closed the connection (ECONNRESET)"},
      {UV_EOF,
       CLIENT_FINDING_HUNG_UP,
       {.has_echoed = true, .round_trips = 7, .elapsed_ns = 1000000},
       "lost 127.0.0.1:62893 (tcp) after 7 round trips (1.00 ms): the server closed"},
      {UV_EPIPE,
       CLIENT_FINDING_NONE,
       {.has_echoed = true, .round_trips = 1, .elapsed_ns = 1000000},
       "after 1 round trip (1.00 ms): the other end is closed (EPIPE)"},
      {UV_EOF,
       CLIENT_FINDING_HUNG_UP,
       {.has_echoed = true, .round_trips = 1000, .warmup_round_trips = 1000, .elapsed_ns = 1000000},
       "after 1,000 round trips of the warm-up (1.00 ms): the server closed the connection (HUNG_UP). Measured "
       "before it: nothing, it was still warming up."},
      {UV_EOF,
       CLIENT_FINDING_HUNG_UP,
       {.is_stream = true,
        .has_echoed = true,
        .bytes = UINT64_C(210) << 20,
        .warmup_bytes = UINT64_C(10) << 20,
        .elapsed_ns = 1500000000},
       "after 210 MiB (1.50 s): the server closed the connection (HUNG_UP). Measured before it: 200 MiB."},
      {UV_ETIMEDOUT,
       CLIENT_FINDING_SILENT,
       {.is_stream = true,
        .has_echoed = true,
        .bytes = UINT64_C(405) << 20,
        .elapsed_ns = 1500000000,
        .connections = 10,
        .affected = 1,
        .connection_bytes = UINT64_C(3) << 20},
       "after 405 MiB (1.50 s): on 1 of 10 connections, after 3.00 MiB there, no echo came within 3.00 s"},
      {UV_ETIMEDOUT,
       CLIENT_FINDING_SILENT,
       {.is_stream = true, .has_echoed = true, .bytes = 4096, .connections = 10, .affected = 10},
       "after 4.00 KiB (0 ns): no echo came within 3.00 s"},
      {UV_ETIMEDOUT,
       CLIENT_FINDING_SILENT,
       {.has_echoed = true, .round_trips = 9, .connections = 1, .affected = 1, .partial_bytes = 12, .partial_of = 64},
       "after 9 round trips (0 ns): only 12 of an echo's 64 bytes came within 3.00 s"},
  };
  static const struct port_facts closed = {NOBODY, .probe = {.outcome = PROBE_REFUSED}, .counters = {.resets_sent = 1}};
  failure.step = CLIENT_STEP_MEASURE;
  look_at(&closed, NULL);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    failure.code = cases[i].code;
    failure.finding = cases[i].finding;
    failure.account = cases[i].account;
    explain_looked();
    expect(cases[i].says);
    if (progress_has_begun(&failure.account)) expect("The server has ended. Nobody listens there.");
    if (failure.account.has_echoed) expect_not("It is no echo server");
  }
}

static void another_protocol_shows_its_first_bytes(void **state) {
  (void)state;
  failure.code = 0;
  failure.step = CLIENT_STEP_GREET;
  failure.finding = CLIENT_FINDING_NOT_ECHO;
  memcpy(failure.first_bytes, "HTTP/1.1 400\r\n\x1b[2J\0", 19);
  failure.first_bytes_length = 19;
  static const struct port_facts open = {LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_ECHO}};
  look_at(&open, NULL);
  explain_looked();
  expect("the server there is no echo server (NOT_ECHO).");
  expect("lopong --port 0");
  expect("This one sent: \"HTTP/1.1 400\\r\\n\\x1b[2J\\x00\".");
  expect_not("\x1b");
  failure.first_bytes_length = SIZE_MAX;
  explain_looked();
  expect("HTTP/1.1 400");
  failure.first_bytes_length = 0;
  explain_looked();
  expect("This one sent something else.");
}

static void a_self_connect_is_explained_by_this_machines_range(void **state) {
  (void)state;
  static const struct port_facts self = {NOBODY, .probe = {.outcome = PROBE_CONNECTED, .is_self = true}};
  failure.code = 0;
  failure.finding = CLIENT_FINDING_SELF_CONNECT;
  look_at(&self, NULL);
  explain_looked();
  expect("the connection reached itself (SELF_CONNECT). Nobody listens there: the connection met itself");
  expect("use a port outside 32768-60999");
}

static void a_target_that_is_not_examined_has_only_what_the_run_saw(void **state) {
  (void)state;
  failure.sockets = NULL;
  failure.target.address = facts_address("10.0.0.1", 62893);
  explain();
  expect("Nothing accepts connections on 10.0.0.1:62893 (tcp). Is a server running there?");
  failure.code = UV_ETIMEDOUT;
  explain();
  expect("no answer within 3.00 s (ETIMEDOUT). A machine that is on answers at once");
  expect("look at it there: loping check 62893");
}

static void a_plain_echo_server_is_named_with_what_else_can_be_measured(void **state) {
  (void)state;
  failure.code = 0;
  failure.step = CLIENT_STEP_GREET;
  failure.finding = CLIENT_FINDING_PLAIN_ECHO;
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893), 4711, "socat");
  explain();
  expect("(PLAIN_ECHO). It returns what it gets, and knows no other session.");
  expect("process 4711 (socat)");
  expect("loping throughput --direction echo");
  failure.finding = CLIENT_FINDING_NO_KERNEL_TIMES;
  explain();
  expect("only lopong adds its times");
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

static void a_unix_socket_is_explained_by_the_second_look(void **state) {
  (void)state;
  const struct port_facts none = {NOBODY, .is_unix = true, .probe = {.outcome = PROBE_NO_FILE, .code = UV_ENOENT}};
  struct port_facts stopped = {LISTENER, .is_unix = true,
                               .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_QUIET}};
  use_unix("/run/x");
  failure.code = UV_ENOENT;
  look_at(&none, NULL);
  explain_looked();
  expect("cannot connect to unix:/run/x: ");
  expect("Nobody listens there");
  stopped.server_half.is_found = stopped.listener.is_stopped = true;
  struct port_process *process = facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "0.0.0.0", 0), 4711, "lopong");
  process->is_stopped = true;
  failure.code = 0;
  failure.step = CLIENT_STEP_GREET;
  failure.finding = CLIENT_FINDING_SILENT;
  look_at(&stopped, &report->sockets[0]);
  explain_looked();
  expect("A server has the socket, but its process 4711 is stopped");
  expect("kill -CONT 4711");
}

static void our_own_lack_says_nothing_of_the_port(void **state) {
  (void)state;
  failure.code = UV_EMFILE;
  failure.descriptor_limit = 32;
  explain();
  expect(
      "no file descriptor is left (EMFILE). Each connection needs a file descriptor, and loping may have at most 32");
  expect("ulimit -n");
  failure.code = UV_ENOBUFS;
  failure.step = CLIENT_STEP_MEASURE;
  explain();
  expect("cannot measure 127.0.0.1:62893 (tcp): the network has no buffer left (ENOBUFS).");
  expect("says nothing of the server");
  assert_true(client_failure_is_own_lack(&failure));
}

static void any_other_code_is_told_in_the_systems_words(void **state) {
  (void)state;
  failure.code = UV_EXDEV;
  failure.step = CLIENT_STEP_MEASURE;
  explain();
  expect("cannot measure 127.0.0.1:62893 (tcp): cross-device link not permitted (EXDEV).");
}

static void every_code_at_every_step_makes_whole_sentences(void **state) {
  (void)state;
  static const int codes[] = {UV_ECONNREFUSED, UV_ETIMEDOUT,  UV_ECONNRESET,    UV_EOF,        UV_ENOENT, UV_EACCES,
                              UV_EPERM,        UV_EADDRINUSE, UV_EADDRNOTAVAIL, UV_EAI_NONAME, UV_EMFILE, -4000};
  static const struct port_facts facts[] = {
      {NOBODY, .probe = {.outcome = PROBE_REFUSED}, .counters = {.resets_sent = 1}},
      {LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_ECHO}},
  };
  char text[EXPLAIN_TEXT_SIZE];
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "0.0.0.0", 62893), 4711, "server");
  for (size_t i = 0; i < COUNT_OF(codes); i++)
    for (int step = CLIENT_STEP_RESOLVE; step <= CLIENT_STEP_MEASURE; step++)
      for (int finding = CLIENT_FINDING_NONE; finding <= CLIENT_FINDING_NO_KERNEL_TIMES; finding++)
        for (int transport = TRANSPORT_TCP; transport <= TRANSPORT_UNIX; transport++)
          for (size_t looks = 0; looks <= COUNT_OF(facts); looks++) {
            failure.code = codes[i];
            failure.step = (enum client_step)step;
            failure.finding = (enum client_finding)finding;
            failure.target.transport = (enum transport)transport;
            if (looks > 0) look_at(&facts[looks - 1], &report->sockets[0]);
            explain_client_failure(&failure, looks > 0 ? &look : NULL, &explanation);
            explain_format("loping", &explanation, text);
            assert_non_null(strstr(text, ")."));
            assert_true(explanation.likely_cause[0] != '\0');
            assert_true(explanation.step_count > 0);
            json_t *json = explain_to_json(&explanation, failure.sockets);
            assert_non_null(json);
            json_decref(json);
          }
}

#define WITH_FACTS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_FACTS(a_failure_on_a_port_has_the_words_and_the_steps_of_the_verdict),
      WITH_FACTS(the_holder_of_the_verdict_is_named),
      WITH_FACTS(a_second_look_that_finds_nothing_wrong_is_said),
      WITH_FACTS(a_server_that_was_named_by_the_second_look_is_named),
      WITH_FACTS(a_paused_server_is_told_from_one_that_is_silent),
      WITH_FACTS(what_came_before_the_end_is_said),
      WITH_FACTS(another_protocol_shows_its_first_bytes),
      WITH_FACTS(a_self_connect_is_explained_by_this_machines_range),
      WITH_FACTS(a_target_that_is_not_examined_has_only_what_the_run_saw),
      WITH_FACTS(a_plain_echo_server_is_named_with_what_else_can_be_measured),
      WITH_FACTS(an_unknown_name_is_quoted),
      WITH_FACTS(a_unix_socket_is_explained_by_the_second_look),
      WITH_FACTS(our_own_lack_says_nothing_of_the_port),
      WITH_FACTS(any_other_code_is_told_in_the_systems_words),
      WITH_FACTS(every_code_at_every_step_makes_whole_sentences),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
