/* What a wait does next. */
#include "client/wait/wait_rules.h"

#include <string.h>
#include <uv.h>

#include "tests/unit/unit_test.h"

#define MS 1000000u

static void looks_are_quick_at_first_and_then_a_few_a_second(void **state) {
  (void)state;
  uint64_t before_ns = 0;
  for (uint64_t waited_ns = 0; waited_ns < 60000ull * MS; waited_ns += 100ull * MS) {
    uint64_t pause_ns = wait_look_pause_ns(waited_ns);
    assert_true(pause_ns >= before_ns);
    assert_true(pause_ns <= (waited_ns < 10000ull * MS ? 50ull : 250ull) * MS);
    before_ns = pause_ns;
  }
  assert_int_equal(before_ns, 250ull * MS);
}

static void connections_are_few_and_come_at_once_with_the_listener(void **state) {
  static const struct {
    struct wait_prospect prospect;
    bool is_time;
  } rows[] = {
      {{.is_known = true}, true}, /* a redirection shows no listener: one try at the beginning */
      {{.is_known = true, .attempts = 1, .since_ns = 999ull * MS}, false},
      {{.is_known = true, .attempts = 1, .since_ns = 1000ull * MS}, true},
      {{.is_known = true, .is_here = true, .attempts = 9, .since_ns = 0}, true},
      {{.is_known = true, .is_here = true, .was_here = true, .attempts = 1, .since_ns = 49 * MS}, false},
      {{.is_known = true, .is_here = true, .was_here = true, .attempts = 1, .since_ns = 50 * MS}, true},
      {{.is_known = true, .is_here = true, .was_here = true, .attempts = 2, .since_ns = 99 * MS}, false},
      {{.is_known = true, .is_here = true, .was_here = true, .attempts = 4, .since_ns = 400 * MS}, true},
      {{.is_known = true, .is_here = true, .was_here = true, .attempts = 40, .since_ns = 999 * MS}, false},
      {{.is_known = true, .is_here = true, .was_here = true, .attempts = 4000000000u, .since_ns = 1000 * MS}, true},
      {{.attempts = 1, .since_ns = 49 * MS}, false},
      {{.attempts = 9, .since_ns = 249 * MS}, false},
      {{.attempts = 9, .since_ns = 250 * MS}, true},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(rows); i++)
    if (wait_is_time_to_connect(&rows[i].prospect) != rows[i].is_time) fail_msg("row %zu", i);
}

static void an_http_status_is_read_from_the_first_bytes(void **state) {
  static const struct {
    const char *bytes;
    unsigned status;
  } rows[] = {
      {"HTTP/1.1 200 OK\r\n", 200},
      {"HTTP/1.0 503 Service Unavailable", 503},
      {"HTTP/2 404", 404},
      {"HTTP/1.1 2000 OK", 0},
      {"HTTP/1.1 20", 0},
      {"HTTP/1.1 099 X", 0},
      {"HTTP/1.1 2x0 OK", 0},
      {"HTTP/1.1", 0},
      {"", 0},
      {"HEAD / HTTP/1.1 200 ", 0},
      {"HTTP", 0},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(rows); i++)
    assert_int_equal(wait_http_status(rows[i].bytes, strlen(rows[i].bytes)), rows[i].status);
}

static struct probe_facts connected(enum probe_answer answer) {
  return (struct probe_facts){.outcome = PROBE_CONNECTED, .answer = answer};
}

static void a_server_answers_when_it_has_the_connection_and_keeps_it(void **state) {
  struct server_half_facts none = {0}, queued = {.is_found = true}, taken = {.is_found = true, .is_accepted = true};
  struct probe_facts facts = connected(ANSWER_QUIET);
  (void)state;
  assert_true(wait_is_reached(WAIT_ANSWERS, 0, &facts, &taken));
  assert_true(wait_is_reached(WAIT_ANSWERS, 0, &facts, &none));
  assert_false(wait_is_reached(WAIT_ANSWERS, 0, &facts, &queued));
  facts.is_self = true;
  assert_false(wait_is_reached(WAIT_ANSWERS, 0, &facts, &taken));
  facts = connected(ANSWER_END);
  assert_false(wait_is_reached(WAIT_ANSWERS, 0, &facts, &taken));
  facts = connected(ANSWER_RESET);
  assert_false(wait_is_reached(WAIT_ANSWERS, 0, &facts, &taken));
  facts = (struct probe_facts){.outcome = PROBE_REFUSED};
  assert_false(wait_is_reached(WAIT_ANSWERS, 0, &facts, &none));
}

static void http_is_reached_by_its_status_alone(void **state) {
  struct server_half_facts none = {0};
  struct probe_facts facts = connected(ANSWER_KNOWN);
  (void)state;
  memcpy(facts.first_bytes, "HTTP/1.1 503 X", 14);
  facts.first_bytes_length = 14;
  assert_false(wait_is_reached(WAIT_HTTP, 200, &facts, &none));
  assert_true(wait_is_reached(WAIT_HTTP, 503, &facts, &none));
  facts.first_bytes_length = 0;
  assert_false(wait_is_reached(WAIT_HTTP, 200, &facts, &none));
}

static void a_path_that_nobody_answers_at_can_be_bound(void **state) {
  static const struct {
    enum probe_outcome outcome;
    bool is_dead;
  } cases[] = {{PROBE_REFUSED, true},    {PROBE_NO_FILE, true},     {PROBE_CONNECTED, false}, {PROBE_QUEUE_FULL, false},
               {PROBE_FORBIDDEN, false}, {PROBE_OTHER_KIND, false}, {PROBE_NOT_TRIED, false}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct probe_facts facts = {.outcome = cases[i].outcome};
    assert_int_equal(wait_is_dead_path(&facts), cases[i].is_dead);
  }
}

static void only_what_can_end_is_waited_for(void **state) {
  (void)state;
  assert_false(wait_is_bind_hopeless(0));
  assert_false(wait_is_bind_hopeless(UV_EADDRINUSE));
  assert_false(wait_is_bind_hopeless(UV_EMFILE));
  assert_true(wait_is_bind_hopeless(UV_EACCES));
  assert_true(wait_is_bind_hopeless(UV_EADDRNOTAVAIL));
}

static void the_status_is_check_s_and_an_answer_is_no_free_port(void **state) {
  (void)state;
  assert_int_equal(wait_exit_status(WAIT_ANSWERS, 0), 0);
  assert_int_equal(wait_exit_status(WAIT_FREE, 0), 1);
  assert_int_equal(wait_exit_status(WAIT_HTTP, 0), 1);
  assert_int_equal(wait_exit_status(WAIT_ANSWERS, 4), 4);
  assert_int_equal(wait_exit_status(WAIT_FREE, 3), 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(looks_are_quick_at_first_and_then_a_few_a_second),
      cmocka_unit_test(connections_are_few_and_come_at_once_with_the_listener),
      cmocka_unit_test(an_http_status_is_read_from_the_first_bytes),
      cmocka_unit_test(a_server_answers_when_it_has_the_connection_and_keeps_it),
      cmocka_unit_test(http_is_reached_by_its_status_alone),
      cmocka_unit_test(a_path_that_nobody_answers_at_can_be_bound),
      cmocka_unit_test(only_what_can_end_is_waited_for),
      cmocka_unit_test(the_status_is_check_s_and_an_answer_is_no_free_port),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
