/* What comes and goes between looks at the listeners. */
#include "client/ports/port_changes.h"

#include "tests/unit/explain_facts.h"

#define FADE_NS 100

static struct port_socket sockets[3];
static char said[64];

static void on_change(void *owner, const struct port_socket *socket, enum port_mark mark) {
  size_t used = strlen(said);
  (void)owner;
  snprintf(said + used, sizeof said - used, "%c%u ", mark == PORT_MARK_CAME ? '+' : '-', address_port(&socket->local));
}

/* One look that shows the sockets whose digits stand in `shown`. */
static void look(struct port_history *history, const char *shown, uint64_t now_ns) {
  struct port_row rows[COUNT_OF(sockets)];
  size_t count = 0;
  for (size_t i = 0; i < COUNT_OF(sockets); i++)
    if (strchr(shown, (int)('0' + i)) != NULL) rows[count++] = (struct port_row){.socket = &sockets[i]};
  said[0] = '\0';
  if (history->seen == NULL && now_ns == 0)
    assert_int_equal(port_history_begin(history, rows, count), 0);
  else
    assert_int_equal(port_history_update(history, rows, count, now_ns, FADE_NS, on_change, NULL), 0);
}

static int make_sockets(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(sockets); i++)
    sockets[i] = (struct port_socket){
        .state = SOCKET_STATE_LISTEN, .local = facts_address("127.0.0.1", (uint16_t)(1000 + i)), .inode = i + 1};
  return 0;
}

static void expect_marks(const struct port_history *history, const char *wanted) {
  char marks[8] = "";
  for (size_t i = 0; i < history->count; i++)
    marks[i] = "=+-"[history->seen[i].mark];
  marks[history->count] = '\0';
  if (strcmp(marks, wanted) != 0) fail_msg("wanted marks %s, got %s", wanted, marks);
}

static void the_first_look_is_no_news(void **state) {
  (void)state;
  struct port_history history = {0};
  look(&history, "02", 0);
  assert_string_equal(said, "");
  expect_marks(&history, "==");
  port_history_free(&history);
}

static void what_comes_and_goes_is_told_once_and_fades(void **state) {
  (void)state;
  struct port_history history = {0};
  look(&history, "02", 0);
  look(&history, "12", 10);
  assert_string_equal(said, "-1000 +1001 ");
  expect_marks(&history, "-+=");
  look(&history, "12", 20);
  assert_string_equal(said, "");
  expect_marks(&history, "-+=");
  look(&history, "12", 10 + FADE_NS);
  assert_string_equal(said, "");
  expect_marks(&history, "==");
  port_history_free(&history);
}

static void what_comes_back_while_it_is_still_shown_is_news_again(void **state) {
  (void)state;
  struct port_history history = {0};
  look(&history, "0", 0);
  look(&history, "", 10);
  assert_string_equal(said, "-1000 ");
  look(&history, "0", 20);
  assert_string_equal(said, "+1000 ");
  expect_marks(&history, "+");
  port_history_free(&history);
}

static void what_goes_has_the_name_that_it_was_last_seen_with(void **state) {
  (void)state;
  struct port_history history = {0};
  sockets[0].process_count = 1;
  sockets[0].processes[0].pid = 42;
  look(&history, "0", 0);
  /* Two looks while its process ends: nobody has it. */
  sockets[0].process_count = 0;
  look(&history, "0", 10);
  look(&history, "0", 20);
  assert_int_equal(history.seen[0].socket.process_count, 0);
  look(&history, "", 30);
  expect_marks(&history, "-");
  assert_int_equal(history.seen[0].socket.process_count, 1);
  assert_int_equal(history.seen[0].socket.processes[0].pid, 42);
  /* Who has it next has a name of its own. */
  sockets[0].process_count = 1;
  sockets[0].processes[0].pid = 43;
  look(&history, "0", 40);
  assert_int_equal(history.seen[0].socket.processes[0].pid, 43);
  look(&history, "", 50);
  assert_int_equal(history.seen[0].socket.processes[0].pid, 43);
  port_history_free(&history);
}

static void another_socket_on_the_same_port_is_another(void **state) {
  (void)state;
  struct port_history history = {0};
  look(&history, "0", 0);
  sockets[0].inode = 99;
  look(&history, "0", 10);
  assert_string_equal(said, "-1000 +1000 ");
  port_history_free(&history);
}

static void notes_stay_with_a_socket_and_end_with_it(void **state) {
  (void)state;
  struct port_history history = {0};
  look(&history, "0", 0);
  history.seen[0].is_used = history.seen[0].is_unexpected = true;
  look(&history, "01", 10);
  assert_true(history.seen[0].is_used && history.seen[0].is_unexpected);
  assert_false(history.seen[1].is_used || history.seen[1].is_unexpected);
  assert_int_equal(history.seen[0].since_ns, 0);
  history.seen[1].is_used = true;
  look(&history, "012", 20);
  assert_true(history.seen[1].is_used);
  /* The last look that did not show it. */
  assert_int_equal(history.seen[2].since_ns, 10);
  look(&history, "01", 30);
  look(&history, "012", 40);
  assert_int_equal(history.seen[2].since_ns, 30);
  look(&history, "", 50);
  look(&history, "0", 60);
  assert_false(history.seen[0].is_used || history.seen[0].is_unexpected);
  port_history_free(&history);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(the_first_look_is_no_news, make_sockets),
      cmocka_unit_test_setup(what_comes_and_goes_is_told_once_and_fades, make_sockets),
      cmocka_unit_test_setup(what_comes_back_while_it_is_still_shown_is_news_again, make_sockets),
      cmocka_unit_test_setup(what_goes_has_the_name_that_it_was_last_seen_with, make_sockets),
      cmocka_unit_test_setup(another_socket_on_the_same_port_is_another, make_sockets),
      cmocka_unit_test_setup(notes_stay_with_a_socket_and_end_with_it, make_sockets),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
