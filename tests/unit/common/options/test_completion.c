/* The scripts for the shells, of a table with all that a shell takes for its own in a help text. That the shells
 * complete with them is shown by tests/cli/completions.bats. */
#include "common/options/completion.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit_test.h"

#define SCRIPT_SIZE 16384

static const struct option_row rows[] = {
    {"all", 'a', OPTION_FLAG, 0, NULL, 0, 0, NULL, "it's [a]: \"b\" \\ `c` $d"},
    {"file", 'f', OPTION_PATH, 0, "FILE", 0, 0, NULL, OPTION_BRIEF("write it") " ('-' is stdout)"},
    {"way", 0, OPTION_CHOICE, 0, "WAY", 0, 0, "up|down", "which way"},
    {"bind", 'b', OPTION_LIST, 0, "HOST:PORT", 0, 0, NULL, "listen there"},
};

static const struct completion_command commands[] = {
    {"", "the rest", rows, COUNT_OF(rows), COMPLETION_PORTS},
    {"see", "it's this: that", rows, 1, COMPLETION_FILES},
};

static void put(void *owner, const char *bytes, size_t length) {
  strncat(owner, bytes, length);
  assert_true(strlen(owner) < SCRIPT_SIZE - 64);
}

static void write_script(size_t command_count, const char *shell, char script[SCRIPT_SIZE]) {
  const struct completion completion = {"tool", commands, command_count};
  script[0] = '\0';
  assert_true(completion_write(&completion, shell, put, script));
}

static void expect_parts(const char *script, const char *const *parts, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strstr(script, parts[i]) == NULL) fail_msg("the script lacks: %s\n%s", parts[i], script);
}

static void zsh_gets_each_help_text_as_it_is(void **state) {
  (void)state;
  char script[SCRIPT_SIZE];
  static const char *const parts[] = {
      "#compdef tool\n",
      "'(-a --all)-a[it'\\''s \\[a\\]\\: \"b\" \\\\ `c` $d]'",
      "'(-a --all)--all[it'\\''s",
      "'(-f --file)-f+[write it ('\\''-'\\'' is stdout)]:FILE:_files'",
      "'--way=[which way]:WAY:(up down)'",
      "'*--bind=[listen there]:HOST\\:PORT: '",
      "'see:it'\\''s this\\: that'",
      "'*:file:_files'",
      "'*:port:_tool_ports'",
  };
  write_script(2, "zsh", script);
  expect_parts(script, parts, COUNT_OF(parts));
}

static void fish_gets_each_help_text_as_it_is(void **state) {
  (void)state;
  char script[SCRIPT_SIZE];
  static const char *const parts[] = {
      " -s a -l all -d 'it\\'s [a]: \"b\" \\\\ `c` $d'\n",
      " -s f -l file -r -F -d 'write it (\\'-\\' is stdout)'\n",
      " -l way -x -a 'up down' -d 'which way'\n",
      " -a see -d 'it\\'s this: that'\n",
      "-n '__tool_is see' -F\n",
      "(__tool_ask ports)",
  };
  write_script(2, "fish", script);
  expect_parts(script, parts, COUNT_OF(parts));
}

static void bash_gets_names_choices_and_files(void **state) {
  (void)state;
  char script[SCRIPT_SIZE];
  static const char *const parts[] = {
      "-f | --file) _tool_files \"$word\"", "compgen -W 'up down'",     "-b | --bind) return ;;",
      "--all -a --file -f --way --bind -b", "complete -F _tool tool\n",
  };
  write_script(2, "bash", script);
  expect_parts(script, parts, COUNT_OF(parts));
  assert_null(strstr(script, "which way"));
}

/* A program of one command, without words that only it knows. */
static void a_single_command_has_no_list_of_them(void **state) {
  (void)state;
  static const char *const shells[] = {"bash", "zsh", "fish"};
  static const struct completion_command single = {"", NULL, rows, COUNT_OF(rows), COMPLETION_NOTHING};
  const struct completion completion = {"tool", &single, 1};
  for (size_t i = 0; i < COUNT_OF(shells); i++) {
    char script[SCRIPT_SIZE] = "";
    assert_true(completion_write(&completion, shells[i], put, script));
    assert_null(strstr(script, "_tool_commands"));
    assert_null(strstr(script, "_tool_ask"));
    assert_null(strchr(script, '\037'));
  }
}

static void another_shell_is_refused(void **state) {
  (void)state;
  char script[SCRIPT_SIZE] = "";
  const struct completion completion = {"tool", commands, 2};
  assert_false(completion_write(&completion, "ksh", put, script));
  assert_string_equal(script, "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(zsh_gets_each_help_text_as_it_is),  cmocka_unit_test(fish_gets_each_help_text_as_it_is),
      cmocka_unit_test(bash_gets_names_choices_and_files), cmocka_unit_test(a_single_command_has_no_list_of_them),
      cmocka_unit_test(another_shell_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
