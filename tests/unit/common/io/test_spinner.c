/* The spinner: which sockets it asks, in which order, and when it gives them back. */
#include <string.h>

#include "common/io/direct_io.h"
#include "common/io/spinner.h"
#include "common/text/clock.h"
#include "tests/unit/unit_test.h"

struct asked {
  struct direct_socket direct;
  uv_udp_t udp;
  struct spinner *spinner;
  struct asked *victim; /* taken away by this one's poll */
  bool has_something;
  int polls, watches;
};

struct table {
  uv_loop_t loop;
  struct spinner spinner;
  struct asked sockets[3];
};

static bool poll_asked(struct direct_socket *socket) {
  struct asked *asked = (struct asked *)socket;
  asked->polls++;
  if (asked->victim != NULL) spinner_remove(asked->spinner, &asked->victim->direct);
  return asked->has_something;
}

static void watch_asked(struct direct_socket *socket) {
  struct asked *asked = (struct asked *)socket;
  assert_false(socket->is_direct);
  asked->watches++;
}

static const struct direct_ops ops = {.poll = poll_asked, .watch = watch_asked};

static void add(struct table *table, struct asked *asked) {
  assert_true(spinner_add(&table->spinner, &asked->direct, (uv_handle_t *)&asked->udp));
}

static int set_up(void **state) {
  static struct table table;
  struct sockaddr_in any_port;
  memset(&table, 0, sizeof table);
  uv_ip4_addr("127.0.0.1", 0, &any_port);
  assert_int_equal(uv_loop_init(&table.loop), 0);
  assert_int_equal(spinner_init(&table.spinner, &table.loop, true, 0), 0);
  for (size_t i = 0; i < COUNT_OF(table.sockets); i++) {
    struct asked *asked = &table.sockets[i];
    asked->direct.ops = &ops;
    asked->spinner = &table.spinner;
    assert_int_equal(uv_udp_init(&table.loop, &asked->udp), 0);
    assert_int_equal(uv_udp_bind(&asked->udp, (struct sockaddr *)&any_port, 0), 0);
  }
  *state = &table;
  return 0;
}

static void close_handle(uv_handle_t *handle, void *nothing) {
  (void)nothing;
  uv_close(handle, NULL);
}

static int tear_down(void **state) {
  struct table *table = *state;
  uv_walk(&table->loop, close_handle, NULL);
  uv_run(&table->loop, UV_RUN_DEFAULT);
  return uv_loop_close(&table->loop);
}

static void need_direct_io(void) {
  if (!direct_io_is_possible()) skip();
}

static void turn(struct table *table) {
  uv_run(&table->loop, UV_RUN_NOWAIT);
}

static bool is_spinning(const struct table *table) {
  return uv_is_active((const uv_handle_t *)&table->spinner.idle);
}

static void all_are_asked_equally_often_in_a_turn(void **state) {
  struct table *table = *state;
  need_direct_io();
  add(table, &table->sockets[0]);
  add(table, &table->sockets[1]);
  add(table, &table->sockets[1]);
  spinner_note(&table->spinner);
  turn(table);
  assert_int_equal(table->sockets[0].polls, DIRECT_IO_TRIES / 2);
  assert_int_equal(table->sockets[1].polls, DIRECT_IO_TRIES / 2);
  assert_int_equal(table->sockets[2].polls, 0);
}

static void one_that_another_took_away_is_not_asked(void **state) {
  struct table *table = *state;
  need_direct_io();
  for (size_t i = 0; i < COUNT_OF(table->sockets); i++)
    add(table, &table->sockets[i]);
  table->sockets[0].victim = &table->sockets[1];
  spinner_note(&table->spinner);
  turn(table);
  assert_int_equal(table->sockets[1].polls, 0);
  assert_int_equal(table->sockets[1].watches, 0);
  assert_true(table->sockets[2].polls > 0);
  assert_int_equal(table->spinner.count, 2);
}

static void one_that_took_itself_away_is_asked_once(void **state) {
  struct table *table = *state;
  need_direct_io();
  add(table, &table->sockets[0]);
  table->sockets[0].victim = &table->sockets[0];
  spinner_note(&table->spinner);
  turn(table);
  assert_int_equal(table->sockets[0].polls, 1);
}

static void the_silent_one_is_the_pollers_again(void **state) {
  struct table *table = *state;
  need_direct_io();
  /* By half of the clock's whole time: no turn takes so long. */
  table->spinner.quiet_ns = clock_now_ns() / 2;
  spinner_note(&table->spinner);
  add(table, &table->sockets[0]);
  add(table, &table->sockets[1]);
  table->sockets[0].has_something = true;
  table->sockets[0].direct.heard_ns = table->sockets[1].direct.heard_ns = 0;
  turn(table);
  assert_int_equal(table->sockets[0].watches, 0);
  assert_int_equal(table->sockets[1].watches, 1);
  assert_true(table->sockets[0].direct.is_direct);
  assert_int_equal(table->spinner.count, 1);
}

static void it_sleeps_after_a_second_of_silence(void **state) {
  struct table *table = *state;
  need_direct_io();
  spinner_note(&table->spinner);
  add(table, &table->sockets[0]);
  turn(table);
  table->spinner.busy_ns = clock_now_ns() - (SPINNER_IDLE_MS + 1) * CLOCK_NS_PER_MS;
  turn(table);
  assert_false(is_spinning(table));
  assert_int_equal(table->sockets[0].watches, 1);
  spinner_note(&table->spinner);
  assert_true(is_spinning(table));
}

static void after_its_end_nothing_starts_it(void **state) {
  struct table *table = *state;
  spinner_note(&table->spinner);
  assert_true(is_spinning(table));
  spinner_end(&table->spinner);
  spinner_note(&table->spinner);
  assert_false(is_spinning(table));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(all_are_asked_equally_often_in_a_turn, set_up, tear_down),
      cmocka_unit_test_setup_teardown(one_that_another_took_away_is_not_asked, set_up, tear_down),
      cmocka_unit_test_setup_teardown(one_that_took_itself_away_is_asked_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_silent_one_is_the_pollers_again, set_up, tear_down),
      cmocka_unit_test_setup_teardown(it_sleeps_after_a_second_of_silence, set_up, tear_down),
      cmocka_unit_test_setup_teardown(after_its_end_nothing_starts_it, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
