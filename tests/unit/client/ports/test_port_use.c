/* Which listeners nobody connects to. */
#include "client/ports/port_use.h"

#include "client/ports/port_view.h"
#include "tests/unit/explain_facts.h"

#define SECOND_NS 1000000000ull
#define START_NS  (1000 * SECOND_NS)

static struct port_socket sockets[2];
static struct port_row rows[2];
static struct connection connections[4];
static struct connection_list list;
static struct port_history history;
static struct port_use use;
static struct use_look now;

static int begin(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(sockets); i++) {
    sockets[i] = (struct port_socket){
        .state = SOCKET_STATE_LISTEN, .local = facts_address("127.0.0.1", (uint16_t)(8080 + i)), .inode = i + 1};
    rows[i] = (struct port_row){.socket = &sockets[i]};
  }
  list = (struct connection_list){.known = true, .rows = connections};
  now = (struct use_look){.rows = rows,
                          .row_count = COUNT_OF(rows),
                          .list = &list,
                          .is_counted = true,
                          .start_ns = START_NS,
                          .now_ns = START_NS};
  return port_history_begin(&history, rows, COUNT_OF(rows));
}

static int end(void **state) {
  (void)state;
  port_history_free(&history);
  port_use_free(&use);
  return 0;
}

static struct connection *add_end(uint16_t local_port, uint16_t remote_port, enum socket_state state) {
  struct connection *connection = &connections[list.count++];
  *connection = (struct connection){.state = state,
                                    .local = facts_address("127.0.0.1", local_port),
                                    .remote = facts_address("127.0.0.1", remote_port),
                                    .inode = 1};
  return connection;
}

static void look_after(uint64_t seconds) {
  now.now_ns = START_NS + seconds * SECOND_NS;
  assert_int_equal(port_use_update(&use, &now, &history), 0);
}

static void expect_unused(bool first, bool second) {
  assert_int_equal(port_use_is_unused(&history.seen[0]), first);
  assert_int_equal(port_use_is_unused(&history.seen[1]), second);
}

static void who_has_a_connection_is_used_from_then_on(void **state) {
  (void)state;
  look_after(0);
  expect_unused(true, true);
  add_end(8080, 40000, SOCKET_STATE_ESTABLISHED);
  now.counted = 1;
  look_after(1);
  expect_unused(false, true);
  list.count = 0;
  look_after(2);
  expect_unused(false, true);
  assert_int_equal(use.looks, 3);
  assert_int_equal(port_use_missed(&use), 0);
}

static void the_rest_of_a_closed_connection_shows_it_on_either_side(void **state) {
  (void)state;
  look_after(0);
  add_end(8080, 40000, SOCKET_STATE_TIME_WAIT)->expires_ms = 59500;
  add_end(40001, 8081, SOCKET_STATE_TIME_WAIT)->expires_ms = 59500;
  now.counted = 2;
  look_after(1);
  expect_unused(false, false);
  assert_int_equal(port_use_missed(&use), 0);
}

static void what_was_closed_before_the_first_look_does_not_count(void **state) {
  (void)state;
  add_end(8080, 40000, SOCKET_STATE_TIME_WAIT)->expires_ms = 30000;
  look_after(0);
  connections[0].expires_ms = 20000;
  look_after(10);
  expect_unused(true, true);
  assert_int_equal(use.seen, 0);
}

static void an_opening_one_is_none_yet(void **state) {
  (void)state;
  look_after(0);
  add_end(8080, 40000, SOCKET_STATE_CONNECTING)->is_half_open = true;
  add_end(40001, 8081, SOCKET_STATE_CONNECTING);
  look_after(1);
  expect_unused(true, true);
}

static void a_listener_that_came_is_judged_since_the_look_before(void **state) {
  (void)state;
  look_after(0);
  history.seen[1].since_ns = START_NS + 10 * SECOND_NS;
  add_end(8081, 40000, SOCKET_STATE_TIME_WAIT)->expires_ms = 55000;
  look_after(12);
  expect_unused(true, true);
  connections[0].expires_ms = 59000;
  look_after(12);
  expect_unused(true, false);
}

static void what_the_counter_has_and_no_look_is_missed(void **state) {
  char text[1024];
  (void)state;
  add_end(8080, 40000, SOCKET_STATE_ESTABLISHED);
  look_after(0);
  now.counted = 3;
  add_end(8080, 40001, SOCKET_STATE_ESTABLISHED);
  look_after(1);
  look_after(2);
  assert_int_equal(use.seen, 1);
  assert_int_equal(port_use_missed(&use), 2);
  assert_string_equal(port_use_word(&use), "not seen in use");
  assert_non_null(strstr(port_use_text(&use, FACTS_NOW, text, sizeof text),
                         "but 2 of the 3 connections to this machine's listeners that the kernel counted "));
  now.counted = 1;
  look_after(3);
  assert_string_equal(port_use_word(&use), "unused");
  assert_non_null(strstr(port_use_text(&use, FACTS_NOW, text, sizeof text), "at any of 4 looks"));
  assert_non_null(strstr(text, "no connection to a listener of this machine was missed"));
}

static void without_a_counter_the_words_are_the_weaker_ones(void **state) {
  char text[1024];
  (void)state;
  now.is_counted = false;
  look_after(0);
  assert_string_equal(port_use_word(&use), "not seen in use");
  assert_non_null(strstr(port_use_text(&use, FACTS_NOW, text, sizeof text), "not counted on this system"));
}

static void only_listeners_of_tcp_are_judged(void **state) {
  (void)state;
  look_after(0);
  history.seen[0].socket.transport = TRANSPORT_UDP;
  history.seen[1].socket.state = SOCKET_STATE_BOUND;
  expect_unused(false, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(who_has_a_connection_is_used_from_then_on),
      TEST(the_rest_of_a_closed_connection_shows_it_on_either_side),
      TEST(what_was_closed_before_the_first_look_does_not_count),
      TEST(an_opening_one_is_none_yet),
      TEST(a_listener_that_came_is_judged_since_the_look_before),
      TEST(what_the_counter_has_and_no_look_is_missed),
      TEST(without_a_counter_the_words_are_the_weaker_ones),
      TEST(only_listeners_of_tcp_are_judged),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
