/* The command line: each kind of option, each way to get it wrong, and the sentence that comes back. */
#include "common/options/options.h"

#include <string.h>

#include "tests/unit/unit_test.h"

#define WORDS_MAX 40

struct settings {
  bool tcp;
  bool quiet;
  uint64_t count;
  uint64_t size;
  uint64_t duration;
  uint16_t port;
  const char *file;
  struct option_list bind;
  const char *direction;
};

static const struct option_row rows[] = {
    {"tcp", 0, OPTION_FLAG, offsetof(struct settings, tcp), NULL, 0, 0, NULL, "echo over TCP"},
    {"quiet", 'q', OPTION_FLAG, offsetof(struct settings, quiet), NULL, 0, 0, NULL, "say less"},
    {"count", 'c', OPTION_COUNT, offsetof(struct settings, count), "N", 1, 1000, NULL, "stop after N"},
    {"size", 0, OPTION_SIZE, offsetof(struct settings, size), "SIZE", 1, 1048576, NULL, "bytes of payload"},
    {"duration", 'd', OPTION_DURATION, offsetof(struct settings, duration), "DURATION", 1000000, 0, NULL, "how long"},
    {"port", 'p', OPTION_PORT, offsetof(struct settings, port), "PORT", 0, 0, NULL, "the port (62893)"},
    {"file", 0, OPTION_TEXT, offsetof(struct settings, file), "FILE", 0, 0, NULL, "write there"},
    {"bind", 'b', OPTION_LIST, offsetof(struct settings, bind), "ADDRESS", 0, 0, NULL, "listen there"},
    {"direction", 0, OPTION_CHOICE, offsetof(struct settings, direction), "WAY", 0, 0, "echo|up|down", "which way"},
};

static const struct settings defaults = {.count = 100, .size = 64, .duration = 3000000000, .port = 62893};

/* Cuts a command line at its blanks into words that stay good until the next call. getopt_long() moves them about. */
static int split(const char *line, char **words) {
  static char text[1024];
  int count = 0;
  assert_true(strlen(line) < sizeof(text));
  strcpy(text, line);
  for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
    words[count++] = word;
  words[count] = NULL;
  return count;
}

static bool parse(const char *line, struct settings *settings, struct options_parsed *parsed, char **words) {
  int count = split(line, words);
  *settings = defaults;
  memset(parsed, '!', sizeof(*parsed));
  return options_parse(rows, COUNT_OF(rows), count, words, settings, parsed);
}

static void parse_well(const char *line, struct settings *settings) {
  char *words[WORDS_MAX];
  struct options_parsed parsed;
  if (!parse(line, settings, &parsed, words)) fail_msg("'%s' is refused: %s", line, parsed.problem);
}

static void nothing_keeps_the_defaults(void **state) {
  (void)state;
  char *words[WORDS_MAX];
  struct settings settings;
  struct options_parsed parsed;
  assert_true(parse("lopong", &settings, &parsed, words));
  assert_memory_equal(&settings, &defaults, sizeof(settings));
  assert_int_equal(parsed.positional_count, 0);
}

static void every_kind_is_read_into_its_field(void **state) {
  (void)state;
  struct settings settings;
  parse_well("x --tcp -q --count 7 --size 64KiB --duration 1.5s --port 8080 --file out.json --direction up", &settings);
  assert_true(settings.tcp);
  assert_true(settings.quiet);
  assert_int_equal(settings.count, 7);
  assert_int_equal(settings.size, 65536);
  assert_int_equal(settings.duration, 1500000000);
  assert_int_equal(settings.port, 8080);
  assert_string_equal(settings.file, "out.json");
  assert_string_equal(settings.direction, "up");
}

static void every_spelling_of_an_option_is_read(void **state) {
  (void)state;
  static const char *const lines[] = {"x --count 7", "x --count=7", "x -c 7",   "x -c7",
                                      "x -qc7",      "x -q -c 7",   "x --cou 7"};
  for (size_t i = 0; i < COUNT_OF(lines); i++) {
    struct settings settings;
    parse_well(lines[i], &settings);
    if (settings.count != 7) fail_msg("'%s' reads %d", lines[i], (int)settings.count);
  }
}

static void what_was_given_is_known_whatever_its_value(void **state) {
  char *words[WORDS_MAX];
  struct settings settings;
  struct options_parsed parsed;
  (void)state;
  assert_true(parse("prog -p 62893 --size=64 --tcp", &settings, &parsed, words));
  assert_true(options_was_given(&parsed, "port"));
  assert_true(options_was_given(&parsed, "size"));
  assert_true(options_was_given(&parsed, "tcp"));
  assert_false(options_was_given(&parsed, "quiet"));
  assert_false(options_was_given(&parsed, "direction"));
  assert_false(options_was_given(&parsed, "no-such"));
  assert_true(parse("prog --direction up", &settings, &parsed, words));
  assert_true(options_was_given(&parsed, "direction"));
  assert_false(options_was_given(&parsed, "port"));
}

static void limits_belong_to_the_range(void **state) {
  (void)state;
  struct settings settings;
  parse_well("x --count 1 --size 1048576 --duration 1ms --port 0", &settings);
  assert_int_equal(settings.count, 1);
  assert_int_equal(settings.size, 1048576);
  assert_int_equal(settings.duration, 1000000);
  assert_int_equal(settings.port, 0);
  parse_well("x --count 1000 --port 65535", &settings);
  assert_int_equal(settings.count, 1000);
  assert_int_equal(settings.port, 65535);
}

static void options_and_positionals_may_be_mixed(void **state) {
  (void)state;
  char *words[WORDS_MAX];
  struct settings settings;
  struct options_parsed parsed;
  assert_true(parse("x 4000 --tcp 5000 -c 9 -- --quiet", &settings, &parsed, words));
  assert_int_equal(parsed.positional_count, 3);
  assert_string_equal(parsed.positionals[0], "4000");
  assert_string_equal(parsed.positionals[1], "5000");
  assert_string_equal(parsed.positionals[2], "--quiet");
  assert_true(settings.tcp);
  assert_false(settings.quiet);
  assert_int_equal(settings.count, 9);
}

static void a_lone_dash_is_a_value(void **state) {
  (void)state;
  struct settings settings;
  parse_well("x --file -", &settings);
  assert_string_equal(settings.file, "-");
}

static void lists_collect_up_to_their_limit(void **state) {
  (void)state;
  char *words[WORDS_MAX];
  struct settings settings;
  struct options_parsed parsed;
  char line[512] = "x";
  for (int i = 0; i < OPTIONS_LIST_MAX; i++)
    strcat(line, i % 2 == 0 ? " --bind ::1" : " -b 127.0.0.1");
  assert_true(parse(line, &settings, &parsed, words));
  assert_int_equal(settings.bind.count, OPTIONS_LIST_MAX);
  assert_string_equal(settings.bind.values[0], "::1");
  assert_string_equal(settings.bind.values[OPTIONS_LIST_MAX - 1], "127.0.0.1");

  strcat(line, " --bind ::1");
  assert_false(parse(line, &settings, &parsed, words));
  assert_non_null(strstr(parsed.problem, "--bind"));
  assert_non_null(strstr(parsed.problem, "16"));
}

/* A mistake, and the parts that its sentence must have: the option, the value, the way out. */
static const struct {
  const char *line;
  const char *parts[3];
} mistakes[] = {
    {"x --count 0", {"--count", "'0'", "1,000"}},
    {"x --count 1001", {"--count", "'1001'", "1 to 1,000"}},
    {"x --count many", {"--count", "'many'", "is not a number"}},
    {"x --count -1", {"--count", "'-1'", "is not a number"}},
    {"x --count 1.5", {"--count", "'1.5'", "is not a whole number"}},
    {"x --count=", {"--count", "''", "is not a number"}},
    {"x --count 99999999999999999999", {"--count", "99999999999999999999", "out of range"}},
    {"x --port 1 --port 2", {"--port is given twice", "'2'", "leave out"}},
    {"x -p 1 --port=1", {"--port is given twice", "'1'", "leave out"}},
    {"x --size 0", {"--size", "'0'", "1 MiB"}},
    {"x --size 2MiB", {"--size", "'2MiB'", "1 MiB"}},
    {"x --size 64kilo", {"--size", "'64kilo'", "64KiB"}},
    {"x --duration 3", {"--duration", "'3'", "200ms"}},
    {"x --duration 1us", {"--duration", "'1us'", "at least 1.00 ms"}},
    {"x --duration soon", {"--duration", "'soon'", "200ms"}},
    {"x --port 65536", {"--port", "'65536'", "65535"}},
    {"x --port http", {"--port", "'http'", "0 to 65535"}},
    {"x --port -5", {"--port", "'-5'", "0 to 65535"}},
    {"x --port=", {"--port", "''", "0 to 65535"}},
    {"x --direction left", {"--direction", "'left'", "echo|up|down"}},
    {"x --direction=", {"--direction", "''", "echo|up|down"}},
    {"x --direction ech", {"--direction", "'ech'", "echo|up|down"}},
    {"x --direction echo|up", {"--direction", "'echo|up'", "echo|up|down"}},
    {"x --count", {"--count", "needs a value", ""}},
    {"x -c", {"-c", "needs a value", ""}},
    {"x --tcp=yes", {"--tcp", "takes no value", ""}},
    {"x --prot 1", {"--prot", "--port", "no option"}},
    {"x --derection up", {"--derection", "--direction", "no option"}},
    {"x --zebra", {"--zebra", "no option", ""}},
    {"x --d", {"--d", "more than one option", ""}},
    {"x -x", {"-x", "no option", ""}},
    {"x --tcp -xq", {"-x", "no option", ""}},
    {"x --tcp -qxq", {"-x", "no option", ""}},
    {"x 4000 -x 5000", {"-x", "no option", ""}},
    {"x -\xc3\xa9", {"-\\xc3", "no option", ""}},
    {"x --\x1b[31m", {"--\\x1b[31m", "no option", ""}},
    {"x --count \x1b[31m", {"--count", "\\x1b[31m", "is not a number"}},
    {"x --port 1\x07", {"--port", "'1\\x07'", "0 to 65535"}},
};

static void each_mistake_is_named_with_its_value_and_the_way_out(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
    char *words[WORDS_MAX];
    struct settings settings;
    struct options_parsed parsed;
    if (parse(mistakes[i].line, &settings, &parsed, words)) fail_msg("'%s' is accepted", mistakes[i].line);
    for (size_t part = 0; part < COUNT_OF(mistakes[i].parts); part++)
      if (strstr(parsed.problem, mistakes[i].parts[part]) == NULL)
        fail_msg("'%s': '%s' is missing in: %s", mistakes[i].line, mistakes[i].parts[part], parsed.problem);
    if (strstr(parsed.problem, "takes no value") != NULL && strstr(mistakes[i].line, "=yes") == NULL)
      fail_msg("'%s' blames another option: %s", mistakes[i].line, parsed.problem);
  }
}

static void a_value_of_any_length_makes_a_sentence_that_ends(void **state) {
  (void)state;
  static const char *const options[] = {"--count=", "--port=", "--direction=", "--", "--size=", "--zebra-", "-x"};
  for (size_t i = 0; i < COUNT_OF(options); i++) {
    struct settings settings = defaults;
    struct options_parsed parsed;
    char word[5000];
    char program[] = "x";
    memset(word, '\x1b', sizeof(word));
    memcpy(word, options[i], strlen(options[i]));
    word[sizeof(word) - 1] = '\0';
    char *words[] = {program, word, NULL};
    assert_false(options_parse(rows, COUNT_OF(rows), 2, words, &settings, &parsed));
    assert_non_null(memchr(parsed.problem, '\0', sizeof(parsed.problem)));
    assert_true(strlen(parsed.problem) > 10);
    assert_null(strchr(parsed.problem, '\x1b'));
  }
}

static void two_command_lines_after_each_other_are_read_afresh(void **state) {
  (void)state;
  struct settings settings;
  parse_well("x --count 5 --tcp 1 2 3", &settings);
  parse_well("x --count 6", &settings);
  assert_int_equal(settings.count, 6);
  assert_false(settings.tcp);
}

static void help_has_a_line_for_each_option(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    char out[OPTIONS_PROBLEM_SIZE];
    const char *line = options_format_help(&rows[i], 100, out);
    assert_ptr_equal(line, out);
    assert_non_null(strstr(line, rows[i].name));
    assert_non_null(strstr(line, rows[i].help));
    if (rows[i].argument != NULL) assert_non_null(strstr(line, rows[i].argument));
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
  }
}

/* Each further line is indented to where the first one's words begin, and no word is lost. */
static void a_long_help_text_is_wrapped(void **state) {
  (void)state;
  const struct option_row row = {"file",
                                 'f',
                                 OPTION_TEXT,
                                 0,
                                 "FILE",
                                 0,
                                 0,
                                 NULL,
                                 "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
                                 "fifteen sixteen seventeen eighteen nineteen twenty twenty-one twenty-two"};
  char out[OPTIONS_PROBLEM_SIZE], words[OPTIONS_PROBLEM_SIZE] = "";
  options_format_help(&row, 100, out);
  int lines = 0;
  for (char *line = strtok(out, "\n"); line != NULL; line = strtok(NULL, "\n"), lines++) {
    assert_in_range(strlen(line), 34, 100);
    if (lines > 0) assert_int_equal(strspn(line, " "), 33);
    if (lines > 0) strcat(words, " ");
    strcat(words, line + 33);
  }
  assert_int_equal(lines, 3);
  assert_string_equal(words, row.help);
}

static void the_nearest_word_is_a_plausible_slip(void **state) {
  (void)state;
  static const char *const words[] = {"latency", "throughput", "ping", "check", "up"};
  static const struct {
    const char *typed;
    const char *nearest;
  } cases[] = {
      {"latency", "latency"},
      {"latnecy", "latency"},
      {"latenc", "latency"},
      {"latencyyy", "latency"},
      {"thruoghput", "throughput"},
      {"pign", "ping"},
      {"chekc", "check"},
      {"zebra", NULL},
      {"latencyyyy", NULL},
      {"xx", NULL},
      {"", NULL},
      {"a-word-that-is-much-longer-than-every-option-can-ever-be", NULL},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const char *nearest = options_nearest(cases[i].typed, words, COUNT_OF(words));
    if (cases[i].nearest == NULL) {
      if (nearest != NULL) fail_msg("'%s' is no slip of '%s'", cases[i].typed, nearest);
    } else {
      assert_non_null(nearest);
      assert_string_equal(nearest, cases[i].nearest);
    }
  }
  assert_null(options_nearest("ping", words, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_keeps_the_defaults),
      cmocka_unit_test(every_kind_is_read_into_its_field),
      cmocka_unit_test(every_spelling_of_an_option_is_read),
      cmocka_unit_test(what_was_given_is_known_whatever_its_value),
      cmocka_unit_test(limits_belong_to_the_range),
      cmocka_unit_test(options_and_positionals_may_be_mixed),
      cmocka_unit_test(a_lone_dash_is_a_value),
      cmocka_unit_test(lists_collect_up_to_their_limit),
      cmocka_unit_test(each_mistake_is_named_with_its_value_and_the_way_out),
      cmocka_unit_test(a_value_of_any_length_makes_a_sentence_that_ends),
      cmocka_unit_test(two_command_lines_after_each_other_are_read_afresh),
      cmocka_unit_test(help_has_a_line_for_each_option),
      cmocka_unit_test(a_long_help_text_is_wrapped),
      cmocka_unit_test(the_nearest_word_is_a_plausible_slip),
  };
  return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
