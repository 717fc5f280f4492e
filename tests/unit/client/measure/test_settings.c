/* The client's command line: what is not given keeps its default, each option reaches its own setting and only in the
 * commands that have it, and what cannot be is refused by name. */
#include "client/measure/settings.h"

#include "client/run/workload.h"

#include <string.h>

#include "common/text/clock.h"
#include "tests/unit/unit_test.h"

#define ALL_GROUPS UINT32_MAX
#define WORDS_MAX  32

/* Cuts a line at its blanks and reads it; the words stay good until the next call. */
static bool parse(unsigned groups, const char *line, struct settings *settings, char *problem) {
  static char text[256];
  char *words[WORDS_MAX];
  int count = 0;
  assert_true(strlen(line) < sizeof text);
  strcpy(text, line);
  for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
    words[count++] = word;
  assert_in_range(count, 1, WORDS_MAX - 1);
  words[count] = NULL;
  problem[0] = '\0';
  return settings_parse(groups, count, words, settings, problem);
}

static void parse_well(const char *line, struct settings *settings) {
  char problem[OPTIONS_PROBLEM_SIZE];
  if (!parse(ALL_GROUPS, line, settings, problem)) fail_msg("'%s' is refused: %s", line, problem);
}

static void nothing_means_the_default_target_and_unset_numbers(void **state) {
  (void)state;
  struct settings settings;
  parse_well("latency", &settings);
  assert_string_equal(settings.target.host, "127.0.0.1");
  assert_int_equal(settings.target.port, 62893);
  assert_false(settings.target.is_unix);
  const uint64_t numbers[] = {settings.size_bytes, settings.connections, settings.depth,       settings.duration_ns,
                              settings.count,      settings.warmup_ns,   settings.interval_ns, settings.timeout_ns};
  for (size_t i = 0; i < COUNT_OF(numbers); i++)
    assert_true(numbers[i] == SETTING_UNSET);
  assert_int_equal(settings.seed, 1);
  assert_string_equal(settings.direction, "echo");
  assert_null(settings.json_path);
  assert_false(settings.use_udp || settings.is_quiet || settings.common.no_color || settings.allow_remote);
  assert_false(settings.common.wants_help || settings.common.wants_version);
}

static void each_option_reaches_its_setting(void **state) {
  (void)state;
  struct settings settings;
  parse_well("latency --size 1KiB --connections 3 --depth 4 --duration 5s --count 6 --warmup 0", &settings);
  assert_int_equal(settings.size_bytes, 1024);
  assert_int_equal(settings.connections, 3);
  assert_int_equal(settings.depth, 4);
  assert_int_equal(settings.duration_ns, 5 * CLOCK_NS_PER_SECOND);
  assert_int_equal(settings.count, 6);
  assert_int_equal(settings.warmup_ns, 0);
  parse_well("latency --interval 20ms --timeout 2m --seed 9 --json - --udp --quiet --no-color", &settings);
  assert_int_equal(settings.interval_ns, 20 * CLOCK_NS_PER_MS);
  assert_int_equal(settings.timeout_ns, 120 * CLOCK_NS_PER_SECOND);
  assert_int_equal(settings.seed, 9);
  assert_string_equal(settings.json_path, "-");
  assert_true(settings.use_udp && settings.is_quiet && settings.common.no_color);
  parse_well("latency -s 2 -c 3 -q 4 -d 1ms -n 1 -w 1s -i 1s -t 1s -j x -u 7", &settings);
  assert_int_equal(settings.size_bytes, 2);
  assert_int_equal(settings.target.port, 7);
}

static void targets_of_every_form_are_read(void **state) {
  (void)state;
  static const struct {
    const char *line, *host;
    uint16_t port;
  } cases[] = {
      {"latency 7", "127.0.0.1", 7}, {"latency 127.0.0.2:7", "127.0.0.2", 7},   {"latency [::1]:65535", "::1", 65535},
      {"latency ::1", "::1", 62893}, {"latency localhost", "localhost", 62893}, {"7 --quiet", "127.0.0.1", 62893},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct settings settings;
    parse_well(cases[i].line, &settings);
    assert_string_equal(settings.target.host, cases[i].host);
    assert_int_equal(settings.target.port, cases[i].port);
  }
  struct settings settings;
  parse_well("latency unix:/tmp/x", &settings);
  assert_true(settings.target.is_unix);
  assert_string_equal(settings.target.path, "/tmp/x");
}

static void what_cannot_be_is_refused_with_its_name_and_the_way_out(void **state) {
  (void)state;
  static const struct {
    const char *line, *parts[3];
  } cases[] = {
      {"latency 0", {"port 0", "from 1 to 65535"}},
      {"latency 65536", {"'65536'", "65535", "such as 127.0.0.1:62893"}},
      {"latency host:port", {"'host:port'", "HOST:PORT"}},
      {"latency 1 2", {"'2' is a second target"}},
      {"latency --udp unix:/x", {"--udp", "'unix:/x'", "leave one out"}},
      {"latency --size 0", {"--size", "'0'", "from 1 B to 1 MiB"}},
      {"latency --size 1048577", {"--size", "out of range"}},
      {"latency --duration 3", {"--duration", "'3' has no unit", "such as 200ms"}},
      {"latency --duration 0", {"--duration", "out of range"}},
      {"latency --timeout 9ms", {"--timeout", "from 10.0 ms"}},
      {"latency --connections 20001", {"--connections", "20,000"}},
      {"latency --depth 4097", {"--depth", "4,096"}},
      {"latency --count 0", {"--count", "from 1"}},
      {"latency --direction sideways", {"--direction", "'sideways'", "echo"}},
      {"latency --durration 3s", {"--durration", "nearest is --duration"}},
      {"latency --seed 9223372036854775808", {"--seed", "out of range"}},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct settings settings;
    char problem[OPTIONS_PROBLEM_SIZE];
    if (parse(ALL_GROUPS, cases[i].line, &settings, problem)) fail_msg("'%s' is taken", cases[i].line);
    for (size_t p = 0; p < COUNT_OF(cases[i].parts) && cases[i].parts[p] != NULL; p++)
      if (strstr(problem, cases[i].parts[p]) == NULL)
        fail_msg("'%s': '%s' is not in: %s", cases[i].line, cases[i].parts[p], problem);
  }
}

static void a_command_takes_the_options_of_its_groups_alone(void **state) {
  (void)state;
  static const struct {
    unsigned groups;
    const char *line;
    bool is_taken;
  } cases[] = {
      {SETTINGS_MEASURING | WORKLOAD_DEEP, "latency --depth 2", true},
      {SETTINGS_MEASURING | WORKLOAD_STREAMING, "throughput --depth 2", false},
      {SETTINGS_MEASURING | WORKLOAD_PACED, "ping --depth 2", false},
      {SETTINGS_MEASURING | WORKLOAD_PACED, "ping --interval 1s", true},
      {SETTINGS_MEASURING | WORKLOAD_DEEP, "latency --interval 1s", false},
      {SETTINGS_MEASURING | WORKLOAD_STREAMING, "throughput --direction echo", true},
      {SETTINGS_MEASURING | WORKLOAD_DEEP, "latency --direction echo", false},
      {SETTINGS_MEASURING | WORKLOAD_TIMED, "loping --duration 1s", true},
      {SETTINGS_MEASURING | WORKLOAD_TIMED, "loping --size 1", false},
      {SETTINGS_MEASURING, "x --help", true},
      {WORKLOAD_SIZED, "x --quiet", false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct settings settings;
    char problem[OPTIONS_PROBLEM_SIZE];
    if (parse(cases[i].groups, cases[i].line, &settings, problem) != cases[i].is_taken)
      fail_msg("'%s': wanted %d; %s", cases[i].line, cases[i].is_taken, problem);
  }
}

static void help_has_a_row_for_each_option_of_the_groups(void **state) {
  (void)state;
  struct option_row rows[SETTINGS_ROWS_MAX];
  size_t sized = settings_rows(WORKLOAD_SIZED, rows);
  assert_int_equal(sized, 1);
  assert_string_equal(rows[0].name, "size");
  size_t measuring = settings_rows(SETTINGS_MEASURING, rows);
  assert_true(measuring > sized && settings_rows(ALL_GROUPS, rows) > measuring);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_means_the_default_target_and_unset_numbers),
      cmocka_unit_test(each_option_reaches_its_setting),
      cmocka_unit_test(targets_of_every_form_are_read),
      cmocka_unit_test(what_cannot_be_is_refused_with_its_name_and_the_way_out),
      cmocka_unit_test(a_command_takes_the_options_of_its_groups_alone),
      cmocka_unit_test(help_has_a_row_for_each_option_of_the_groups),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
