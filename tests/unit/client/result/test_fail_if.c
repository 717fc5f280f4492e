/* Conditions on a result: every comparison at its edge, every unit, every way to get a condition wrong. */
#include "client/result/fail_if.h"

#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static struct result_run run;

/* One run of round trips: p99 is 231 us, nothing lost, 20,000 a second. */
static int make_run(void **state) {
  (void)state;
  result_run_init(&run);
  run.is_measured = run.has_throughput = true;
  run.figures[FIGURE_RTT].count = 1000;
  run.figures[FIGURE_RTT].p50 = 20000;
  run.figures[FIGURE_RTT].p99 = 231000;
  run.figures[FIGURE_RTT].mean = 22000.5;
  run.throughput.round_trips_per_second = 20000;
  run.throughput.bits_per_second = 8e8;
  run.throughput.bytes_sent = 2048;
  run.errors.lost = 3;
  run.rtt_histogram = histogram_create();
  for (uint64_t ns = 1; ns <= 1000; ns++)
    histogram_record(run.rtt_histogram, ns);
  return run.rtt_histogram == NULL;
}

static int clear_run(void **state) {
  (void)state;
  result_run_clear(&run);
  return 0;
}

static void a_condition_is_broken_when_it_is_true(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool is_broken;
  } cases[] = {
      {"p99>200us", true},
      {"p99>231us", false},
      {"p99>=231us", true},
      {"p99<231us", false},
      {"p99<=231us", true},
      {"p99==231us", true},
      {"p99=231us", true},
      {"p99!=231us", false},
      {"p99 > 0.2ms", true},
      {"rtt.p99>200us", true},
      {"p99<1s", true},
      {"mean>22us", true},
      {"mean>22.1us", false},
      {"lost", true},
      {"lost>0", true},
      {"lost>3", false},
      {"errors.lost>2", true},
      {"corrupted", false},
      {"corrupted>0", false},
      {"round_trips_per_second<10k", false},
      {"round_trips_per_second<20001", true},
      {"bits_per_second<1G", true},
      {"bits_per_second<0.8Gbit/s", false},
      {"throughput.bits_per_second<1Gbit/s", true},
      {"bytes_sent>=2KiB", true},
      {"bytes_sent>2KiB", false},
      {"count<1k", false},
      {"count<1001", true},
      /* Not a field: out of the histogram of 1 to 1,000 ns. */
      {"p75>749ns", true},
      {"p75>750ns", false},
      {"p99.5>994ns", true},
      {"p100>=1us", true},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct fail_if condition;
    char problem[FAIL_IF_PROBLEM_SIZE];
    if (!fail_if_parse(guard_page_place_string(cases[i].text), &condition, problem)) fail_msg("refused: %s", problem);
    assert_true(fail_if_applies(&condition, &run));
    if (fail_if_is_broken(&condition, &run) != cases[i].is_broken)
      fail_msg("'%s': wanted %s", cases[i].text, cases[i].is_broken ? "broken" : "fine");
  }
}

static void a_mistake_is_named_with_its_reason(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *part;
  } cases[] = {
      {"", "no condition"},
      {" ", "no condition"},
      {"p99\n>1us", "no condition"},
      {"\xff", "no condition"},
      {">200us", "begins with the name"},
      {"p99", "after p99 comes one of"},
      {"p99~1us", "after p99 comes one of"},
      {"p99>200", "'200' has no unit"},
      {"p99>", "is not a number"},
      {"p99>>1us", "is not a number"},
      {"p99>-1us", "is not a number"},
      {"p99>99999999h", "is too large; give at most 9007199 s"},
      {"lost>1us", "'1us' has no unit"},
      {"lost>1>2", "'1>2' has no unit"},
      {"p9x>1us", "the nearest is p90"},
      {"lsot>0", "the nearest is lost"},
      {"anything>0", "Known are count, min, mean"},
      {"there.p95>1us", "no figure 'there.p95'"},
      {"p0>1us", "no figure 'p0'"},
      {"p101>1us", "no figure 'p101'"},
      {"p99.>1us", "no figure 'p99.'"},
      {".p99>1us", "no figure '.p99'"},
      {"bits_per_second<1GiB", "500M or 1Gbit/s"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>1", "begins with the name"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct fail_if condition;
    char problem[FAIL_IF_PROBLEM_SIZE];
    if (fail_if_parse(guard_page_place_string(cases[i].text), &condition, problem))
      fail_msg("'%s' was taken", cases[i].text);
    if (strstr(problem, cases[i].part) == NULL)
      fail_msg("'%s': '%s' lacks '%s'", cases[i].text, problem, cases[i].part);
    assert_non_null(strstr(problem, "--fail-if: '"));
  }
}

static void a_broken_condition_says_by_how_much(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *sentence;
  } cases[] = {
      {"p99>200us", "p99 is 231 us, 31.0 us (15.5 %) above 200 us"},
      {"p99>1us", "p99 is 231 us, 230 us (23000 %) above 1.00 us"},
      {"p50>=20us", "p50 is 20.0 us, exactly"},
      {"lost>0", "lost is 3, 3 above 0"},
      {"lost>1", "lost is 3, 2 (200 %) above 1"},
      {"bits_per_second<1G", "bits_per_second is 800 Mbit/s, 200 Mbit/s (20 %) below 1.00 Gbit/s"},
      {"round_trips_per_second<40k", "round_trips_per_second is 20,000, 20,000 (50 %) below 40,000"},
      {"p75>500ns", "p75 is 750 ns, 250 ns (50 %) above 500 ns"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct fail_if condition;
    char problem[FAIL_IF_PROBLEM_SIZE], sentence[FAIL_IF_SENTENCE_SIZE];
    assert_true(fail_if_parse(cases[i].text, &condition, problem));
    assert_string_equal(fail_if_explain(&condition, &run, sentence), cases[i].sentence);
  }
}

static void a_figure_that_was_not_measured_does_not_apply(void **state) {
  (void)state;
  static const char *const texts[] = {"there.p50>1us", "response.p99>1us"};
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    struct fail_if condition;
    char problem[FAIL_IF_PROBLEM_SIZE];
    assert_true(fail_if_parse(texts[i], &condition, problem));
    assert_false(fail_if_applies(&condition, &run));
  }
}

static void a_limit_concerns_the_runs_that_it_means(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool messages, streams, messages_beside_streams;
  } cases[] = {
      {"p99>1us", true, false, true},
      {"p95>1us", true, false, true},
      {"lost>0", true, true, true},
      {"bits_per_second<1G", true, true, false},
      {"bytes_received<1", true, true, false},
      {"round_trips_per_second<1", true, false, true},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct fail_if condition;
    char problem[FAIL_IF_PROBLEM_SIZE];
    assert_true(fail_if_parse(cases[i].text, &condition, problem));
    assert_int_equal(fail_if_concerns(&condition, false, false), cases[i].messages);
    assert_int_equal(fail_if_concerns(&condition, true, true), cases[i].streams);
    assert_int_equal(fail_if_concerns(&condition, false, true), cases[i].messages_beside_streams);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_condition_is_broken_when_it_is_true),
      cmocka_unit_test(a_mistake_is_named_with_its_reason),
      cmocka_unit_test(a_broken_condition_says_by_how_much),
      cmocka_unit_test(a_figure_that_was_not_measured_does_not_apply),
      cmocka_unit_test(a_limit_concerns_the_runs_that_it_means),
  };
  return cmocka_run_group_tests_name("fail_if", tests, make_run, clear_run);
}
