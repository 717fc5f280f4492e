/* Result files read back: real ones of every version that ever wrote any, and every way to be none. */
#include "client/compare/load.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/compare/pair.h"
#include "tests/unit/unit_test.h"

static double figure_of(const struct compare_run *run, const char *part, const char *name) {
  const struct result_section *section;
  const struct result_field *field;
  for (size_t i = 0; compare_figure(i, &section, &field); i++)
    if (strcmp(section->name, part) == 0 && strcmp(field->name, name) == 0) return run->figures[i];
  fail_msg("there is no figure %s.%s", part, name);
  return NAN;
}

struct golden_figure {
  const char *part, *name;
  double value; /* NAN: does not apply */
};

static const struct {
  const char *path;
  size_t slice_count; /* full ones */
  double first_bytes, first_p50_ns;
  struct golden_figure figures[6];
} golden[] = {
    /* Of the first version, which called bytes_moved bytes_received. */
    {"tests/golden/ping_oldest.json",
     4,
     3264,
     72447,
     {{"rtt_ns", "count", 220},
      {"rtt_ns", "p50", 80703},
      {"there", "p50", 62239},
      {"response_ns", "p99", NAN},
      {"errors", "lost", 0},
      {"throughput", "bits_per_second", 25714.294164181232}}},
    {"tests/golden/throughput_oldest.json",
     3,
     389939200,
     NAN,
     {{"rtt_ns", "p50", NAN}, {"there", "p50", NAN}, {"throughput", "bits_per_second", 3135952618.560138}}},
    {"tests/golden/open_loop_udp.json",
     4,
     3904,
     100095,
     {{"rtt_ns", "p50", 96895}, {"response_ns", "p99", 15491071}, {"handshake_ns", "p50", NAN}}},
    {"tests/golden/connect.json",
     0,
     NAN,
     NAN,
     {{"handshake_ns", "p50", 43231}, {"transaction_ns", "max", 2699023}, {"there", "p50", NAN}}},
};

static void every_result_file_ever_written_stays_readable(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(golden); i++) {
    struct compare_file file;
    char problem[COMPARE_PROBLEM_SIZE];
    if (!compare_file_load(golden[i].path, &file, problem)) fail_msg("%s", problem);
    const struct compare_run *run = &file.runs[0];
    assert_int_equal(file.run_count, 1);
    assert_int_equal(run->slice_count, golden[i].slice_count);
    if (run->slice_count > 0) {
      assert_true(run->slices[0].bytes_moved == golden[i].first_bytes);
      assert_true(isnan(golden[i].first_p50_ns) ? isnan(run->slices[0].rtt_p50_ns)
                                                : run->slices[0].rtt_p50_ns == golden[i].first_p50_ns);
    }
    for (size_t f = 0; f < COUNT_OF(golden[i].figures) && golden[i].figures[f].part != NULL; f++) {
      const struct golden_figure *wanted = &golden[i].figures[f];
      double got = figure_of(run, wanted->part, wanted->name);
      if (isnan(wanted->value) ? !isnan(got) : got != wanted->value)
        fail_msg("%s: %s.%s: wanted %.17g, got %.17g", golden[i].path, wanted->part, wanted->name, wanted->value, got);
    }
    compare_file_free(&file);
  }
}

static void there_is_room_for_every_figure(void **state) {
  (void)state;
  const struct result_section *section;
  const struct result_field *field;
  assert_false(compare_figure(COMPARE_FIGURES_MAX, &section, &field));
}

#define HEAD       "{\"schema_version\":1,\"tool\":\"loping\",\"runs\":["
#define RUN(rest)  HEAD "{\"workload\":{\"name\":\"latency\"}" rest "}]}"
#define SLICE(...) RUN(",\"intervals\":[" __VA_ARGS__ "]")

static void what_is_no_result_file_is_refused_with_the_field_that_is_wrong(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *part;
  } cases[] = {
      {"", "is not JSON: line 1"},
      {"{", "is not JSON: line 1"},
      {"{\"a\":1,\"a\":2}", "is not JSON: line 1"},
      {"{\"a\":NaN}", "is not JSON"},
      {"{}{}", "is not JSON"},
      {"[]", "holds no JSON object"},
      {"{}", "schema_version is missing, and a number is expected"},
      {"{\"schema_version\":\"1\"}", "schema_version is a text, and a number is expected"},
      {"{\"schema_version\":2}", "has schema version 2, and this loping reads 1"},
      {"{\"schema_version\":1,\"tool\":\"fio\"}", "its \"tool\" is another"},
      {"{\"schema_version\":1,\"tool\":7}", "its \"tool\" is another"},
      {"{\"schema_version\":1}", "runs is missing, and an array is expected"},
      {"{\"schema_version\":1,\"runs\":{}}", "runs is an object, and an array is expected"},
      {HEAD "]}", "holds no runs"},
      {HEAD "5]}", "runs[0]. is a number, and an object is expected"},
      {HEAD "{}]}", "runs[0].workload is missing, and an object is expected"},
      {HEAD "{\"workload\":{}}]}", "runs[0].workload.name is missing, and a text is expected"},
      {HEAD "{\"workload\":{\"name\":null}}]}", "runs[0].workload.name is null, and a text is expected"},
      {RUN(",\"rtt_ns\":7"), "runs[0].rtt_ns is a number, and an object is expected"},
      {RUN(",\"rtt_ns\":{\"p99\":\"fast\"}"), "runs[0].rtt_ns.p99 is a text, and a number is expected"},
      {RUN(",\"rtt_ns\":{\"p99\":-1}"), "runs[0].rtt_ns.p99 is -1, below 0"},
      {RUN(",\"legs_ns\":{\"there\":[]}"), "runs[0].there is an array, and an object is expected"},
      {RUN(",\"intervals\":7"), "runs[0].intervals is a number, and an array is expected"},
      {SLICE("7"), "runs[0].intervals[0]. is a number, and an object is expected"},
      {SLICE("{},{\"duration_ns\":true}"), "runs[0].intervals[1].duration_ns is true or false"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct compare_file file;
    char problem[COMPARE_PROBLEM_SIZE];
    if (compare_file_parse("a\x1b.json", cases[i].text, strlen(cases[i].text), &file, problem))
      fail_msg("taken: %s", cases[i].text);
    if (strstr(problem, cases[i].part) == NULL) fail_msg("%s: '%s' lacks '%s'", cases[i].text, problem, cases[i].part);
    assert_ptr_equal(strstr(problem, "'a\\x1b.json' "), problem);
    compare_file_free(&file);
  }
}

static void a_short_last_slice_is_left_out(void **state) {
  (void)state;
  static const char text[] =
      SLICE("{\"duration_ns\":1000000000},{\"duration_ns\":500000000},{\"duration_ns\":499999999}");
  struct compare_file file;
  char problem[COMPARE_PROBLEM_SIZE];
  assert_true(compare_file_parse("a.json", text, strlen(text), &file, problem));
  assert_int_equal(file.runs[0].slice_count, 2);
  compare_file_free(&file);
}

static void load(struct compare_file *file, const char *text) {
  char problem[COMPARE_PROBLEM_SIZE];
  if (!compare_file_parse("a.json", text, strlen(text), file, problem)) fail_msg("%s", problem);
}

static void runs_are_matched_by_what_they_measured(void **state) {
  (void)state;
  struct compare_file baseline, file;
  load(
      &baseline, HEAD
      "{\"workload\":{\"name\":\"latency\",\"payload_bytes\":64}},{\"workload\":{\"name\":\"latency\",\"payload_bytes\":1024}},{\"workload\":{\"name\":\"throughput\",\"direction\":\"echo\"}}]}");
  load(
      &file, HEAD
      "{\"workload\":{\"name\":\"throughput\",\"direction\":\"echo\",\"port\":7}},{\"workload\":{\"name\":\"latency\",\"payload_bytes\":1024.0}},{\"workload\":{\"name\":\"latency\",\"payload_bytes\":1}},{\"workload\":{\"name\":\"throughput\",\"direction\":\"up\"}}]}");
  assert_ptr_equal(compare_find_run(&baseline, &file.runs[0]), &baseline.runs[2]);
  assert_ptr_equal(compare_find_run(&baseline, &file.runs[1]), &baseline.runs[1]);
  assert_ptr_equal(compare_find_run(&baseline, &file.runs[2]), &baseline.runs[0]);
  assert_null(compare_find_run(&baseline, &file.runs[3]));
  compare_file_free(&baseline);
  compare_file_free(&file);
}

#define SECOND(p50) "{\"duration_ns\":1000000000,\"round_trips\":10,\"rtt_p50_ns\":" #p50 "}"
#define LATENCY(connections, p50, ...)                                                                   \
  HEAD "{\"workload\":{\"name\":\"latency\",\"connections\":" #connections "},\"rtt_ns\":{\"p50\":" #p50 \
       ","                                                                                               \
       "\"p99_9\":5},\"intervals\":[" __VA_ARGS__ "]}]}"

static enum compare_verdict verdict_of(const char *one, const char *other, const char *figure) {
  static struct compare_pair pair;
  struct compare_file baseline, file;
  enum compare_verdict verdict = COMPARE_UNTESTED;
  load(&baseline, one);
  load(&file, other);
  struct compare_side one_side = {1, {&baseline.runs[0]}}, other_side = {1, {&file.runs[0]}};
  assert_true(compare_pair_make(&one_side, &other_side, 0.02, &pair));
  for (size_t i = 0; i < pair.row_count; i++)
    if (strcmp(pair.rows[i].field->name, figure) == 0) verdict = pair.rows[i].answer.verdict;
  compare_file_free(&baseline);
  compare_file_free(&file);
  return verdict;
}

static void other_workloads_are_not_comparable(void **state) {
  (void)state;
  static const char one[] = LATENCY(1, 100, SECOND(100) "," SECOND(101) "," SECOND(99));
  static const char slower[] = LATENCY(1, 200, SECOND(200) "," SECOND(202) "," SECOND(198));
  static const char more[] = LATENCY(2, 200, SECOND(200) "," SECOND(202) "," SECOND(198));
  assert_int_equal(verdict_of(one, slower, "p50"), COMPARE_WORSE);
  assert_int_equal(verdict_of(slower, one, "p50"), COMPARE_BETTER);
  assert_int_equal(verdict_of(one, one, "p50"), COMPARE_WITHIN_NOISE);
  assert_int_equal(verdict_of(one, more, "p50"), COMPARE_NOT_COMPARABLE);
  assert_int_equal(verdict_of(one, slower, "p99_9"), COMPARE_UNTESTED);
}

static void slices_without_round_trips_have_no_percentile(void **state) {
  (void)state;
  static const char one[] = LATENCY(1, 100, SECOND(100) "," SECOND(101) "," SECOND(99));
  static const char stalled[] = LATENCY(
      1, 200, SECOND(200) "," SECOND(202) ",{\"duration_ns\":1000000000,\"round_trips\":0,\"rtt_p50_ns\":null}");
  assert_int_equal(verdict_of(one, stalled, "p50"), COMPARE_FEW_SLICES);
}

static void what_differs_between_the_machines_is_listed(void **state) {
  (void)state;
  struct compare_file baseline, file;
  struct compare_differences differences;
  load(
      &baseline,
      "{\"schema_version\":1,\"version\":\"1\",\"environment\":{\"release\":\"6.1\",\"load_1m\":1,\"old\":1,\"cpu_model\":\"a\",\"governor\":null},\"runs\":[{\"workload\":{\"name\":\"x\"}}]}");
  load(
      &file,
      "{\"schema_version\":1,\"version\":\"2\",\"environment\":{\"release\":\"6.2\",\"load_1m\":2,\"new\":1,\"cpu_model\":\"a\",\"governor\":\"powersave\"},\"runs\":[{\"workload\":{\"name\":\"x\"}}]}");
  compare_environments(&baseline, &file, &differences);
  assert_int_equal(differences.count, 3);
  assert_string_equal(differences.rows[0].name, "loping version");
  assert_string_equal(differences.rows[1].name, "release");
  assert_string_equal(differences.rows[2].name, "governor");
  assert_null(differences.rows[2].baseline);
  compare_file_free(&baseline);
  compare_file_free(&file);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_result_file_ever_written_stays_readable),
      cmocka_unit_test(there_is_room_for_every_figure),
      cmocka_unit_test(what_is_no_result_file_is_refused_with_the_field_that_is_wrong),
      cmocka_unit_test(a_short_last_slice_is_left_out),
      cmocka_unit_test(runs_are_matched_by_what_they_measured),
      cmocka_unit_test(other_workloads_are_not_comparable),
      cmocka_unit_test(slices_without_round_trips_have_no_percentile),
      cmocka_unit_test(what_differs_between_the_machines_is_listed),
  };
  return cmocka_run_group_tests_name("compare_load", tests, NULL, NULL);
}
