/* --fault: every form that is one, and every way to write one wrong. */
#include "server/fault/spec.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit_test.h"

static const uint64_t ms = 1000000;

static struct fault_spec read(const char *text) {
  struct fault_spec spec = {0};
  char problem[FAULT_PROBLEM_SIZE] = "";
  if (!fault_spec_add(&spec, text, problem)) fail_msg("%s: %s", text, problem);
  assert_string_equal(spec.text, text);
  return spec;
}

static void each_delay_has_its_spread(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum fault_spread spread;
    uint64_t ns, other_ns;
    double share;
  } cases[] = {
      {"delay=2ms", FAULT_FIXED, 2000000, 0, 1},
      {"delay=2ms@10%", FAULT_FIXED, 2000000, 0, 0.1},
      {"delay=1ms-5ms", FAULT_UNIFORM, 1000000, 5000000, 1},
      {"delay=1ms-5ms@0.5%", FAULT_UNIFORM, 1000000, 5000000, 0.005},
      {"delay=exp:2ms", FAULT_EXPONENTIAL, 2000000, 0, 1},
      {"delay=exp:2ms@50%", FAULT_EXPONENTIAL, 2000000, 0, 0.5},
      {"delay=normal:2ms/500us", FAULT_NORMAL, 2000000, 500000, 1},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct fault_spec spec = read(cases[i].text);
    assert_true(spec.has[WIRE_FAULT_DELAY]);
    assert_int_equal(spec.spread, cases[i].spread);
    assert_int_equal(spec.delay_ns, cases[i].ns);
    assert_int_equal(spec.delay_other_ns, cases[i].other_ns);
    assert_float_equal(spec.share[WIRE_FAULT_DELAY], cases[i].share, 1e-12);
  }
}

static void each_share_is_read(void **state) {
  (void)state;
  static const enum wire_fault faults[] = {WIRE_FAULT_DROP, WIRE_FAULT_DUPLICATE, WIRE_FAULT_REORDER,
                                           WIRE_FAULT_CORRUPT, WIRE_FAULT_TRUNCATE};
  for (size_t i = 0; i < COUNT_OF(faults); i++) {
    char text[64];
    snprintf(text, sizeof text, "%s=0.1%%", wire_fault_name(faults[i]));
    struct fault_spec spec = read(text);
    assert_true(spec.has[faults[i]]);
    assert_float_equal(spec.share[faults[i]], 0.001, 1e-12);
  }
}

static void the_others_have_their_values(void **state) {
  (void)state;
  struct fault_spec spec = read("stall=200ms/10s");
  assert_int_equal(spec.stall_ns, 200 * ms);
  assert_int_equal(spec.stall_every_ns, 10000 * ms);
  spec = read("reset=100");
  assert_int_equal(spec.reset_messages, 100);
  assert_int_equal(spec.reset_bytes, 0);
  spec = read("reset=1MiB");
  assert_int_equal(spec.reset_messages, 0);
  assert_int_equal(spec.reset_bytes, 1 << 20);
  assert_int_equal(read("stop-reading=1MiB").stop_reading_bytes, 1 << 20);
  assert_int_equal(read("stop-reading").stop_reading_bytes, 0);
  assert_int_equal(read("slow-accept=100ms").slow_accept_ns, 100 * ms);
  assert_true(read("silent").has[WIRE_FAULT_SILENT]);
  assert_true(read("refuse").has[WIRE_FAULT_REFUSE]);
  assert_true(read("close").has[WIRE_FAULT_CLOSE]);
}

static void several_stand_beside_each_other(void **state) {
  (void)state;
  char problem[FAULT_PROBLEM_SIZE];
  struct fault_spec spec = read("drop=1%,delay=2ms@10%");
  assert_true(fault_spec_add(&spec, "silent", problem));
  assert_string_equal(spec.text, "drop=1%,delay=2ms@10%,silent");
  assert_true(spec.has[WIRE_FAULT_DROP] && spec.has[WIRE_FAULT_DELAY] && spec.has[WIRE_FAULT_SILENT]);
  assert_true(fault_spec_is_on(&spec));
  assert_false(fault_spec_is_on(&(struct fault_spec){.text = ""}));
}

/* The reason names what is wrong, and the grammar follows. */
static void what_is_wrong_is_told_with_the_grammar(void **state) {
  (void)state;
  static const struct {
    const char *text, *reason;
  } cases[] = {
      {"", "'' is no fault"},
      {"drop", "'drop' needs a share"},
      {"drop=", "'drop=' needs a share"},
      {"drop=1", "'drop=1' needs a share"},
      {"drop=%", "'drop=%' needs a share"},
      {"drop=0%", "not above 0% and at most 100%"},
      {"drop=??", "needs a share"},
      {"duplicate=?", "needs a share"},
      {"greet=", "needs the line"},
      {"greet=a b", "letters, digits and signs"},
      {"greet=\x1b[31m", "letters, digits and signs"},
      {"drop=101%", "not above 0% and at most 100%"},
      {"drop=-1%", "no number"},
      {"drop=1e1%", "no number"},
      {"drop=nan%", "no number"},
      {"drop=1.2.3%", "no number"},
      {"drops=1%", "'drops=1%' is no fault that lopong knows"},
      {"DROP=1%", "is no fault that lopong knows"},
      {"drop=1%,", "'' is no fault"},
      {"drop=1%,drop=2%", "'drop=2%' is asked for twice"},
      {"delay=2", "needs a duration with its unit"},
      {"delay=0ms", "not above 0"},
      {"delay=2h", "at most 1h"},
      {"delay=5ms-1ms", "does not go up"},
      {"delay=1ms-", "needs a duration"},
      {"delay=normal:2ms", "a mean and a standard deviation"},
      {"delay=2ms@", "needs a share"},
      {"delay=2ms@10", "needs a share"},
      {"stall=200ms", "a length and how often"},
      {"stall=10s/10s", "as long as"},
      {"reset=0", "needs a number of messages"},
      {"reset=", "needs a number of messages"},
      {"reset=abc", "needs a number of messages"},
      {"stop-reading=x", "needs a number of bytes"},
      {"slow-accept", "needs a duration"},
      {"silent=1", "stands alone"},
      {"close=1%", "stands alone"},
      {"\x1b[31m", "'\\x1b[31m' is no fault"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct fault_spec spec = {0};
    char problem[FAULT_PROBLEM_SIZE] = "";
    assert_false(fault_spec_add(&spec, cases[i].text, problem));
    if (strstr(problem, cases[i].reason) == NULL) fail_msg("%s: %s", cases[i].text, problem);
    assert_non_null(strstr(problem, ". One of: delay=2ms, "));
  }
}

static void more_than_is_kept_is_refused(void **state) {
  (void)state;
  char problem[FAULT_PROBLEM_SIZE], text[2 * WIRE_FAULT_SPEC_SIZE];
  struct fault_spec spec = {0};
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  assert_false(fault_spec_add(&spec, text, problem));
  text[100] = '\0';
  assert_false(fault_spec_add(&spec, text, problem));
  assert_non_null(strstr(problem, "longer than any fault"));
}

static void a_fault_needs_a_transport_that_can_have_it(void **state) {
  (void)state;
  char text[FAULT_PROBLEM_SIZE];
  struct fault_spec spec = read("reorder=1%");
  assert_false(fault_spec_suits(&spec, FAULT_OF_TCP, text));
  assert_non_null(strstr(text, "'reorder' is a fault of UDP, and only TCP is served"));
  assert_true(fault_spec_suits(&spec, FAULT_OF_TCP | FAULT_OF_UDP, text));
  assert_string_equal(fault_spec_tell_reach(&spec, FAULT_OF_TCP | FAULT_OF_UDP, text), "reorder only over UDP");
  spec = read("slow-accept=1ms,drop=1%,reset=5");
  assert_false(fault_spec_suits(&spec, FAULT_OF_UDP, text));
  assert_string_equal(fault_spec_tell_reach(&spec, FAULT_OF_TCP | FAULT_OF_UDP, text),
                      "reset only over TCP; slow-accept only over TCP");
  assert_string_equal(fault_spec_tell_reach(&spec, FAULT_OF_TCP | FAULT_OF_UNIX, text), "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_delay_has_its_spread),
      cmocka_unit_test(each_share_is_read),
      cmocka_unit_test(the_others_have_their_values),
      cmocka_unit_test(several_stand_beside_each_other),
      cmocka_unit_test(what_is_wrong_is_told_with_the_grammar),
      cmocka_unit_test(more_than_is_kept_is_refused),
      cmocka_unit_test(a_fault_needs_a_transport_that_can_have_it),
  };
  return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
