/* Explanations as lines and as JSON: escaped, wrapped, whole, and with the same facts in both. */
#include "server/listen/explain_bind.h"
#include "tests/unit/explain_facts.h"

static struct port_report *report;
static struct bind_failure failure;
static struct explanation explanation;

static int set_up(void **state) {
  (void)state;
  report = facts_report();
  memset(&failure, 0, sizeof failure);
  failure.code = UV_EADDRINUSE;
  failure.wanted.transport = TRANSPORT_TCP;
  failure.wanted.address = facts_address("127.0.0.1", 62893);
  failure.sockets = report;
  failure.ports = facts_ports;
  failure.now = FACTS_NOW;
  failure.own_user_id = 1000;
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  free(report);
  return 0;
}

static void explain(void) {
  explain_bind_failure(&failure, &explanation);
}

static void expect(const char *part) {
  facts_expect(&explanation, part);
}

static void expect_not(const char *part) {
  facts_expect_not(&explanation, part);
}

static void names_from_outside_cannot_reach_the_terminal(void **state) {
  (void)state;
  struct port_process *process =
      facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893), 4711, "evil \x1b[2J\n\xff(name");
  strcpy(process->user, "a\x07lice");
  explain();
  expect("process 4711 (evil \\x1b[2J\\n\\xff(name), user a\\x07lice");
  expect_not("\x1b");
}

static void everything_at_its_longest_still_fits(void **state) {
  (void)state;
  char text[EXPLAIN_TEXT_SIZE];
  for (size_t i = 0; i < PORT_SOCKETS_MAX; i++) {
    struct port_socket *socket = facts_socket(report, SOCKET_STATE_LISTEN, "0.0.0.0", 62893);
    for (size_t j = 0; j < PORT_PROCESSES_MAX; j++) {
      struct port_process *process = facts_process(socket, INT64_C(4194304000000) + (int64_t)j, "x");
      process->is_stopped = true;
      memset(process->command_line, '\x1b', sizeof process->command_line - 1);
      memset(process->user, '\x1b', sizeof process->user - 1);
    }
  }
  explain();
  explain_format("lopong", &explanation, text);
  assert_true(strlen(text) < EXPLAIN_TEXT_SIZE);
  assert_non_null(strstr(text, "What to do:"));
  assert_non_null(strstr(text, "see it yourself"));
  json_t *json = explain_to_json(&explanation, report);
  assert_non_null(json);
  assert_int_equal(json_array_size(json_object_get(json, "holders")), PORT_SOCKETS_MAX * PORT_PROCESSES_MAX);
  json_decref(json);
}

static void each_part_is_a_line(void **state) {
  (void)state;
  char text[EXPLAIN_TEXT_SIZE];
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "::", 62893), 4711, "python3 -m http.server --bind ::");
  report->sockets[0].dual_stack = true;
  explain();
  explain_format("lopong", &explanation, text);
  assert_int_equal(strncmp(text, "lopong: ", 8), 0);
  assert_int_equal(text[strlen(text) - 1], '\n');
  /* What happened, why, "What to do:", and each step. */
  size_t lines = 0;
  for (const char *at = text; *at != '\0'; at++)
    lines += *at == '\n';
  assert_int_equal(lines, 3 + explanation.step_count);
}

static const char *member(const json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text != NULL ? text : "(no text)";
}

static void json_carries_the_same_facts(void **state) {
  (void)state;
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893);
  facts_process(socket, 4711, "evil \xff name");
  socket = facts_socket(report, SOCKET_STATE_LISTEN, "0.0.0.0", 62893);
  socket->owner = SOCKET_OWNER_HIDDEN;
  explain();
  json_t *json = explain_to_json(&explanation, report);
  assert_non_null(json);
  assert_string_equal(member(json, "code"), "EADDRINUSE");
  assert_string_equal(member(json, "what_happened"), explanation.what_happened);
  assert_string_equal(member(json, "likely_cause"), explanation.likely_cause);
  assert_int_equal(json_array_size(json_object_get(json, "what_to_do")), explanation.step_count);
  assert_true(json_is_true(json_object_get(json, "holders_hidden")));
  const json_t *holder = json_array_get(json_object_get(json, "holders"), 0);
  assert_int_equal(json_integer_value(json_object_get(holder, "pid")), 4711);
  assert_string_equal(member(holder, "command"), "evil");
  assert_string_equal(member(holder, "command_line"), "evil \\xff name");
  assert_string_equal(member(holder, "user"), "alice");
  assert_int_equal(json_integer_value(json_object_get(holder, "uid")), 1000);
  assert_string_equal(member(holder, "state"), "LISTEN");
  assert_string_equal(member(holder, "address"), "127.0.0.1:62893");
  assert_string_equal(member(holder, "since"), "2026-11-22T09:27:00Z");
  holder = json_array_get(json_object_get(json, "holders"), 1);
  assert_true(json_is_null(json_object_get(holder, "pid")));
  assert_true(json_is_null(json_object_get(holder, "since")));
  assert_string_equal(member(holder, "user"), "alice");
  json_decref(json);
}

#define WITH_FACTS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_FACTS(names_from_outside_cannot_reach_the_terminal),
      WITH_FACTS(everything_at_its_longest_still_fits),
      WITH_FACTS(each_part_is_a_line),
      WITH_FACTS(json_carries_the_same_facts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
