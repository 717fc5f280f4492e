/* How runs end and what they lose: the faults, a first slice of another kind, and what all comes to. */
#include "client/compare/conclude.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/compare/faults.h"
#include "tests/unit/unit_test.h"

#define SLICE(p50) "{\"duration_ns\":1000000000,\"round_trips\":1000,\"rtt_p50_ns\":" #p50 "}"
#define CALM       SLICE(101) "," SLICE(100) "," SLICE(99) "," SLICE(100) "," SLICE(101) "," SLICE(100)
#define MEASURED   "\"rtt_ns\":{\"count\":6000,\"p50\":100},\"intervals\":[" CALM "]"
#define FILE_OF(error, run) \
  "{\"schema_version\":1,\"error\":" error ",\"runs\":[{\"workload\":{\"name\":\"latency\"}," run "}]}"

static void load(struct compare_file *file, const char *text) {
  char problem[COMPARE_PROBLEM_SIZE];
  if (!compare_file_parse("a.json", text, strlen(text), file, problem)) fail_msg("%s", problem);
}

static const char good[] = FILE_OF("null", MEASURED ",\"errors\":{\"lost\":0}");
/* Its losses are not known. */
static const char bare[] = FILE_OF("null", MEASURED);
static const char slow[] =
    FILE_OF("null", "\"rtt_ns\":{\"count\":6000,\"p50\":150},\"intervals\":[" SLICE(150) "," SLICE(151) "," SLICE(
                        149) "," SLICE(150) "," SLICE(151) "," SLICE(150) "]");
static const char lossy[] = FILE_OF("null", MEASURED ",\"errors\":{\"lost\":136}");
static const char died[] = FILE_OF("{\"what_happened\":\"it \\u001b died.\"}", MEASURED);
static const char refused[] = FILE_OF("{\"code\":\"ECONNREFUSED\"}", "\"rtt_ns\":null,\"interrupted\":false");
static const char empty[] = FILE_OF("null", "\"rtt_ns\":null");
static const char cut[] = FILE_OF("null", MEASURED ",\"interrupted\":true");
static const char brief[] = FILE_OF("null", "\"rtt_ns\":{\"count\":6000,\"p50\":150}");
static const char other[] =
    "{\"schema_version\":1,\"runs\":[{\"workload\":{\"name\":\"latency\",\"depth\":9}," MEASURED "}]}";

static void a_comparison_comes_to_one_outcome(void **state) {
  (void)state;
  static const struct {
    const char *baseline, *file;
    enum compare_outcome outcome;
    int status;
    const char *reason; /* the first one begins so; NULL: none */
  } cases[] = {
      {good, good, COMPARE_OUTCOME_FINE, 0, NULL},
      {good, slow, COMPARE_OUTCOME_WORSE, 1, "regression: round trip p50 of latency (none, 0 B): +50.0 %"},
      {slow, good, COMPARE_OUTCOME_FINE, 0, NULL},
      {good, lossy, COMPARE_OUTCOME_WORSE, 1, "regression: lost of latency (none, 0 B): 0, then 136"},
      {bare, lossy, COMPARE_OUTCOME_UNSOUND, 0, "latency (none, 0 B) of 'a.json' lost 136"},
      {lossy, lossy, COMPARE_OUTCOME_UNSOUND, 0, "latency (none, 0 B) of 'a.json' lost 136"},
      {good, died, COMPARE_OUTCOME_WORSE, 1, "regression: latency (none, 0 B) failed, and did not in the baseline"},
      {died, good, COMPARE_OUTCOME_UNSOUND, 0, "latency (none, 0 B) of 'a.json' failed: it \\x1b died"},
      {died, died, COMPARE_OUTCOME_UNSOUND, 0, "latency"},
      {good, refused, COMPARE_OUTCOME_NOTHING, 3,
       "latency (none, 0 B) of 'a.json' failed: ECONNREFUSED; measured nothing"},
      {refused, good, COMPARE_OUTCOME_NOTHING, 3, "latency (none, 0 B) of 'a.json' failed: ECONNREFUSED"},
      {good, empty, COMPARE_OUTCOME_NOTHING, 3, "latency (none, 0 B) of 'a.json' measured nothing"},
      {good, cut, COMPARE_OUTCOME_UNSOUND, 0, "latency (none, 0 B) of 'a.json' was interrupted"},
      {cut, slow, COMPARE_OUTCOME_WORSE, 1, "regression"},
      {good, brief, COMPARE_OUTCOME_NOTHING, 3, "no verdict on latency (none, 0 B): that needs 3 full one-second"},
      {good, other, COMPARE_OUTCOME_NOTHING, 3, "no verdict on latency (none, 0 B): the baseline measured another"},
  };
  static struct compare_pair pair;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct compare_account account = {0};
    struct compare_file baseline, file;
    load(&baseline, cases[i].baseline);
    load(&file, cases[i].file);
    struct compare_side one = {1, {&baseline.runs[0]}}, side = {1, {&file.runs[0]}};
    assert_true(compare_pair_make(&one, &side, 0.02, &pair));
    assert_true(compare_account_add(&account, &pair, 0.05));
    enum compare_outcome outcome = compare_conclude(&account);
    const char *reason = account.reason_count > 0 ? account.reasons[0] : "";
    if (outcome != cases[i].outcome || compare_outcome_status(outcome) != cases[i].status)
      fail_msg("case %zu: '%s', reason '%s'", i, compare_outcome_text(outcome), reason);
    if (cases[i].reason == NULL ? reason[0] != '\0' : strstr(reason, cases[i].reason) != reason)
      fail_msg("case %zu: wanted '%s', got '%s'", i, cases[i].reason == NULL ? "" : cases[i].reason, reason);
    compare_account_clear(&account);
    compare_file_free(&baseline);
    compare_file_free(&file);
  }
}

static void a_pair_with_nothing_to_judge_is_told_among_others(void **state) {
  (void)state;
  struct compare_account account = {.judged_pairs = 3, .empty_pairs = 1};
  assert_int_equal(compare_conclude(&account), COMPARE_OUTCOME_NOTHING);
  account.regressions = 1;
  assert_int_equal(compare_conclude(&account), COMPARE_OUTCOME_WORSE);
  account = (struct compare_account){0};
  assert_int_equal(compare_conclude(&account), COMPARE_OUTCOME_NOTHING);
}

static enum compare_verdict judge_fault(const char *name, double baseline, double value) {
  struct compare_answer answer;
  struct compare_side none = {0};
  compare_decide_fault(name, baseline, value, &none, &none, &answer);
  assert_true(isnan(answer.p_value) || (answer.p_value >= 0 && answer.p_value <= 1));
  assert_true(answer.is_fault);
  return answer.verdict;
}

static void counts_of_faults_are_judged_by_their_share(void **state) {
  (void)state;
  static const struct {
    const char *name;
    double baseline, value;
    enum compare_verdict verdict;
  } cases[] = {
      {"lost", 0, 0, COMPARE_UNTESTED},         {"lost", 0, 1, COMPARE_WORSE},
      {"lost", 1, 0, COMPARE_BETTER},           {"lost", 0, 136, COMPARE_WORSE},
      {"lost", 136, 140, COMPARE_WITHIN_NOISE}, {"lost", 136, 400, COMPARE_WORSE},
      {"lost", 400, 136, COMPARE_BETTER},       {"lost", 1e6, 1.001e6, COMPARE_WITHIN_NOISE},
      {"lost", 1e6, 1.1e6, COMPARE_WORSE},      {"corrupted", 0, 1, COMPARE_WORSE},
      {"duplicated", 0, 1, COMPARE_WORSE},      {"reordered", 0, 3, COMPARE_WITHIN_NOISE},
      {"reordered", 0, 30, COMPARE_WORSE},      {"timed_out", 0, 30, COMPARE_WORSE},
      {"lost", 1e300, 1e301, COMPARE_WORSE},    {"no such fault", 0, 1, COMPARE_WITHIN_NOISE},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    enum compare_verdict verdict = judge_fault(cases[i].name, cases[i].baseline, cases[i].value);
    if (verdict != cases[i].verdict)
      fail_msg("%s %g, then %g: '%s'", cases[i].name, cases[i].baseline, cases[i].value, compare_verdict_text(verdict));
  }
}

static void a_first_slice_of_another_kind_is_recognised(void **state) {
  (void)state;
  static const struct {
    double values[8];
    bool is_left_out;
  } cases[] = {
      {{58300, 19600, 19650, 19500, 19600, 19700}, true},
      {{9000, 19600, 19650, 19500, 19600, 19700}, true},
      {{19600, 19600, 19650, 19500, 19600, 19700}, false},
      {{20400, 19600, 19600, 19600, 19600, 19600}, false}, /* of slices that hardly differ, within a twentieth */
      {{30000, 19600, 29000, 12000, 25000, 18000}, false}, /* they all differ as much */
      {{58300, 19600, 19650, 19500}, false},               /* too few others */
      {{19600, 58300, 19650, 19500, 19600, 19700}, false}, /* not the first */
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct compare_slice slices[8] = {{0}};
    struct compare_run run = {.slices = slices};
    for (; run.slice_count < 8 && cases[i].values[run.slice_count] > 0; run.slice_count++)
      slices[run.slice_count] =
          (struct compare_slice){.duration_ns = 1e9, .round_trips = 10, .rtt_p50_ns = cases[i].values[run.slice_count]};
    assert_true(compare_find_first(&run));
    if (run.first.is_left_out != cases[i].is_left_out) fail_msg("case %zu", i);
    assert_true(!run.first.is_left_out || (run.first.is_time && run.first.value == cases[i].values[0]));
  }
}

/* A stream has bytes, and no round trips. */
static void the_first_slice_of_a_stream_is_judged_by_its_bytes(void **state) {
  (void)state;
  static const double bytes[] = {100, 1000, 1001, 999, 1000, 1002};
  struct compare_slice slices[COUNT_OF(bytes)] = {{0}};
  struct compare_run run = {.slices = slices, .slice_count = COUNT_OF(bytes)};
  for (size_t i = 0; i < COUNT_OF(bytes); i++)
    slices[i] = (struct compare_slice){.duration_ns = 1e9, .bytes_moved = bytes[i], .rtt_p50_ns = NAN};
  assert_true(compare_find_first(&run));
  assert_true(run.first.is_left_out && !run.first.is_time && run.first.value == 800);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_comparison_comes_to_one_outcome),
      cmocka_unit_test(a_pair_with_nothing_to_judge_is_told_among_others),
      cmocka_unit_test(counts_of_faults_are_judged_by_their_share),
      cmocka_unit_test(a_first_slice_of_another_kind_is_recognised),
      cmocka_unit_test(the_first_slice_of_a_stream_is_judged_by_its_bytes),
  };
  return cmocka_run_group_tests_name("compare_conclude", tests, NULL, NULL);
}
