/* The result file, written and read back: complete, valid for any text and any number, and null where nothing is. */
#include "client/reports/json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit_test.h"

/* Written to a file and parsed again; the caller frees it. Strict: one object, one line, no trailing bytes. */
static json_t *write_and_read(const struct result *result) {
  json_error_t error;
  FILE *file = tmpfile();
  assert_non_null(file);
  assert_int_equal(report_json_write(result, file), 0);
  long length = ftell(file);
  assert_true(length > 0);
  char *text = malloc((size_t)length + 1);
  assert_non_null(text);
  rewind(file);
  assert_int_equal(fread(text, 1, (size_t)length, file), length);
  text[length] = '\0';
  fclose(file);
  assert_ptr_equal(strchr(text, '\n'), text + length - 1);
  json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  if (object == NULL) fail_msg("%s: %s", error.text, text);
  free(text);
  return object;
}

/* The value at a path such as "runs/0/rtt_ns/p50"; fails when it is not there. */
static json_t *at(json_t *object, const char *path) {
  char copy[128];
  assert_true(strlen(path) < sizeof copy);
  strcpy(copy, path);
  for (char *part = strtok(copy, "/"); part != NULL; part = strtok(NULL, "/")) {
    object = json_is_array(object) ? json_array_get(object, (size_t)atoi(part)) : json_object_get(object, part);
    if (object == NULL) fail_msg("%s: there is no %s", path, part);
  }
  return object;
}

static void expect_integer(json_t *object, const char *path, json_int_t wanted) {
  if (!json_is_integer(at(object, path)) || json_integer_value(at(object, path)) != wanted)
    fail_msg("%s: wanted %lld, got %lld", path, (long long)wanted, (long long)json_integer_value(at(object, path)));
}

static void expect_text(json_t *object, const char *path, const char *wanted) {
  assert_true(json_is_string(at(object, path)));
  assert_string_equal(json_string_value(at(object, path)), wanted);
}

static void expect_null(json_t *object, const char *path) {
  if (!json_is_null(at(object, path))) fail_msg("%s is not null", path);
}

/* As argv has them: writable. */
#define ARGUMENTS_MAX 8
static char argument_bytes[ARGUMENTS_MAX][16];
static char *arguments[ARGUMENTS_MAX];

static void set_arguments(struct result *result, const char *const *texts, int count) {
  for (int i = 0; i < count; i++) {
    strcpy(argument_bytes[i], texts[i]);
    arguments[i] = argument_bytes[i];
  }
  result->argument_count = count;
  result->arguments = arguments;
}

static struct result *make_result(void) {
  struct result *result = calloc(1, sizeof *result);
  assert_non_null(result);
  set_arguments(result, (const char *const[]){"loping", "latency", "--quiet", "7"}, 4);
  result->started_at = 1795339800;
  return result;
}

static struct result_run *add_run(struct result *result) {
  struct result_run *run = &result->runs[result->run_count++];
  result_run_init(run);
  run->workload = (struct result_workload){.name = "latency",
                                           .transport = TRANSPORT_TCP,
                                           .address = "127.0.0.1",
                                           .port = 7,
                                           .payload_bytes = 64,
                                           .connections = 2,
                                           .depth = 3,
                                           .duration_ns = 5,
                                           .warmup_ns = 6,
                                           .seed = 8};
  return run;
}

static void free_result(struct result *result) {
  result_clear(result);
  free(result);
}

static void a_result_without_runs_is_whole(void **state) {
  (void)state;
  struct result *result = make_result();
  json_t *object = write_and_read(result);
  expect_integer(object, "schema_version", 1);
  expect_text(object, "tool", "loping");
  expect_text(object, "started_at", "2026-11-22T09:30:00Z");
  expect_text(object, "command_line/3", "7");
  assert_int_equal(json_array_size(at(object, "command_line")), 4);
  assert_int_equal(json_array_size(at(object, "runs")), 0);
  expect_null(object, "error");
  expect_null(object, "environment/system");
  json_decref(object);
  free_result(result);
}

static void a_run_that_measured_nothing_has_nulls(void **state) {
  (void)state;
  struct result *result = make_result();
  add_run(result);
  json_t *object = write_and_read(result);
  static const char *const nothing[] = {"rtt_ns", "response_ns", "legs_ns",   "placement",    "throughput",
                                        "errors", "histogram",   "peer/kind", "peer/version", "peer/pid"};
  for (size_t i = 0; i < COUNT_OF(nothing); i++) {
    char path[64] = "runs/0/";
    expect_null(object, strcat(path, nothing[i]));
  }
  expect_text(object, "runs/0/workload/transport", "tcp");
  expect_integer(object, "runs/0/workload/depth", 3);
  expect_null(object, "runs/0/workload/interval_ns");
  expect_null(object, "runs/0/workload/direction");
  expect_text(object, "runs/0/workload/wait", "event");
  assert_true(json_is_false(at(object, "runs/0/interrupted")));
  json_decref(object);
  free_result(result);
}

static void figures_are_written_where_they_apply(void **state) {
  (void)state;
  struct result *result = make_result();
  struct result_run *run = add_run(result);
  run->is_measured = run->has_throughput = run->is_interrupted = true;
  run->figures[FIGURE_THERE].count = run->figures[FIGURE_BACK].count = 100;
  run->rtt_histogram = histogram_create();
  assert_non_null(run->rtt_histogram);
  for (uint64_t ns = 1; ns <= 100; ns++)
    histogram_record(run->rtt_histogram, ns * 10);
  distribution_of(run->rtt_histogram, &run->figures[FIGURE_RTT]);
  run->figures[FIGURE_THERE].mean = 1.5;
  run->throughput.bits_per_second = 1e9;
  run->errors.corrupted = 2;
  run->errors.has_first_corrupted = true;
  run->errors.first_corrupted_offset = 0;
  run->peer = (struct result_peer){PEER_LOPONG, 4242};
  result_run_add_interval(run, &(struct result_interval){.duration_ns = 5, .round_trips = 100, .rtt_p50_ns = 500});
  result_run_add_note(run, "mind the gap");
  json_t *object = write_and_read(result);
  expect_integer(object, "runs/0/rtt_ns/count", 100);
  expect_integer(object, "runs/0/rtt_ns/p50", 500);
  expect_integer(object, "runs/0/rtt_ns/max", 1000);
  assert_true(json_real_value(at(object, "runs/0/legs_ns/there/mean")) > 1.4);
  assert_true(json_is_object(at(object, "runs/0/legs_ns/back")));
  expect_integer(object, "runs/0/errors/corrupted", 2);
  expect_integer(object, "runs/0/errors/first_corrupted_offset", 0);
  expect_text(object, "runs/0/peer/kind", "lopong");
  expect_integer(object, "runs/0/peer/pid", 4242);
  expect_integer(object, "runs/0/intervals/0/round_trips", 100);
  expect_null(object, "runs/0/intervals/0/rtt_p99_ns");
  expect_text(object, "runs/0/notes/0", "mind the gap");
  assert_true(json_is_true(at(object, "runs/0/interrupted")));
  json_t *histogram = at(object, "runs/0/histogram");
  json_int_t sum = 0;
  for (size_t i = 0; i < json_array_size(histogram); i++)
    sum += json_integer_value(json_array_get(json_array_get(histogram, i), 1));
  assert_int_equal(sum, 100);
  json_decref(object);
  free_result(result);
}

static void numbers_that_json_does_not_know_are_null(void **state) {
  (void)state;
  static const double strange[] = {NAN, INFINITY, -INFINITY};
  for (size_t i = 0; i < COUNT_OF(strange); i++) {
    struct result *result = make_result();
    struct result_run *run = add_run(result);
    run->is_measured = run->has_throughput = true;
    run->figures[FIGURE_RTT].count = 1;
    run->figures[FIGURE_RTT].mean = strange[i];
    run->throughput.bits_per_second = strange[i];
    json_t *object = write_and_read(result);
    expect_null(object, "runs/0/rtt_ns/mean");
    expect_null(object, "runs/0/throughput/bits_per_second");
    json_decref(object);
    free_result(result);
  }
}

static void any_bytes_from_outside_become_valid_text(void **state) {
  (void)state;
  static const char *const strange[] = {"\xff\xfe", "a\x1b[31m\"\\\n", "", "\xed\xa0\x80", "gr\xc3\xbc\xc3\x9f"};
  struct result *result = make_result();
  set_arguments(result, strange, COUNT_OF(strange));
  struct result_run *run = add_run(result);
  run->workload.transport = TRANSPORT_UNIX;
  run->workload.port = 0;
  strcpy(run->workload.address, "/tmp/\xff");
  strcpy(result->environment.cpu_model, "\x80\x81");
  json_t *object = write_and_read(result);
  expect_text(object, "command_line/0", "\\xff\\xfe");
  expect_text(object, "command_line/1", "a\x1b[31m\"\\\n");
  expect_text(object, "command_line/2", "");
  expect_text(object, "command_line/4", "gr\xc3\xbc\xc3\x9f");
  expect_text(object, "runs/0/workload/address", "/tmp/\\xff");
  expect_null(object, "runs/0/workload/port");
  json_decref(object);
  free_result(result);
}

static void a_failure_is_the_error_object(void **state) {
  (void)state;
  struct result *result = make_result();
  result->has_failed = true;
  strcpy(result->failure.code, "ECONNREFUSED");
  strcpy(result->failure.what_happened, "cannot connect");
  strcpy(result->failure.likely_cause, "nobody listens");
  strcpy(result->failure.what_to_do[0], "start it");
  result->failure.step_count = 1;
  json_t *object = write_and_read(result);
  expect_text(object, "error/code", "ECONNREFUSED");
  expect_text(object, "error/what_happened", "cannot connect");
  expect_text(object, "error/likely_cause", "nobody listens");
  expect_text(object, "error/what_to_do/0", "start it");
  assert_int_equal(json_array_size(at(object, "error/holders")), 0);
  json_decref(object);
  free_result(result);
}

static void a_file_that_takes_no_more_is_an_error(void **state) {
  (void)state;
  struct result *result = make_result();
  FILE *file = fopen("/dev/full", "w");
  if (file == NULL) skip();
  assert_true(report_json_write(result, file) < 0);
  fclose(file);
  free_result(result);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_result_without_runs_is_whole),
      cmocka_unit_test(a_run_that_measured_nothing_has_nulls),
      cmocka_unit_test(figures_are_written_where_they_apply),
      cmocka_unit_test(numbers_that_json_does_not_know_are_null),
      cmocka_unit_test(any_bytes_from_outside_become_valid_text),
      cmocka_unit_test(a_failure_is_the_error_object),
      cmocka_unit_test(a_file_that_takes_no_more_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
