/* The script for fish: a `complete` of each option of each command, with its help. */
#include <stdio.h>

#include "common/options/completion_script.h"

#define FUNCTIONS                                                      \
  "# What the program itself knows: ports, words.\n"                   \
  "function __%s_ask\n"                                                \
  "    set -l typed (commandline -opc)\n"                              \
  "    set -l program (string replace -r '^~/' $HOME/ -- $typed[1])\n" \
  "    command $program --completion $argv[1] 2>/dev/null\n"           \
  "end\n"

#define COMMAND_FUNCTIONS                                                                                \
  "function __%s_is\n"                                                                                   \
  "    set -l typed (commandline -opc)\n"                                                                \
  "    set -l command ''\n"                                                                              \
  "    test (count $typed) -gt 1; and contains -- $typed[2] $__%s_commands; and set command $typed[2]\n" \
  "    test \"$command\" = \"$argv[1]\"\n"                                                               \
  "end\n"                                                                                                \
  "function __%s_is_first\n"                                                                             \
  "    test (count (commandline -opc)) -eq 1\n"                                                          \
  "end\n"

/* Between single quotes, in which fish knows two special bytes. */
static void put_quoted(const struct completion_script *script, const char *text) {
  completion_put_text(script, "'");
  completion_put_escaped(script, text, "\\'", "\\");
  completion_put_text(script, "'");
}

/* "complete -c PROGRAM -n '__PROGRAM_is latency'" */
static void begin_line(const struct completion_script *script, const struct completion_command *command) {
  const struct completion *completion = script->completion;
  completion_say(script, "complete -c %s", completion->program);
  if (completion->command_count == 1) return;
  completion_say(script, " -n '__%s_is %s'", completion->program, command->name[0] == '\0' ? "\"\"" : command->name);
}

static void put_option(const struct completion_script *script, const struct completion_command *command,
                       const struct option_row *row) {
  char words[OPTIONS_PROBLEM_SIZE];
  begin_line(script, command);
  if (row->letter != 0) completion_say(script, " -s %c", row->letter);
  completion_say(script, " -l %s", row->name);
  if (completion_names_file(row))
    completion_put_text(script, " -r -F");
  else if (row->kind != OPTION_FLAG)
    completion_put_text(script, " -x");
  if (row->kind == OPTION_CHOICE) {
    completion_put_text(script, " -a '");
    completion_put_choices(script, row->choices);
    completion_put_text(script, "'");
  }
  completion_put_text(script, " -d ");
  put_quoted(script, options_help_words(row, words));
  completion_put_text(script, "\n");
}

static void put_command_names(const struct completion_script *script, const char *condition) {
  const struct completion *completion = script->completion;
  for (size_t i = 1; i < completion->command_count; i++) {
    completion_say(script, "complete -c %s -n '__%s_%s' -a %s -d ", completion->program, completion->program, condition,
                   completion->commands[i].name);
    put_quoted(script, completion->commands[i].summary);
    completion_put_text(script, "\n");
  }
}

static void put_words(const struct completion_script *script, const struct completion_command *command) {
  const char *program = script->completion->program;
  if (command->words == COMPLETION_NOTHING) return;
  if (command->words == COMPLETION_COMMANDS) {
    char condition[64];
    snprintf(condition, sizeof condition, "is %s", command->name);
    put_command_names(script, condition);
    return;
  }
  begin_line(script, command);
  if (command->words == COMPLETION_FILES)
    completion_put_text(script, " -F\n");
  else
    completion_say(script, " -a '(__%s_ask %s)'\n", program, completion_question(command->words));
}

void completion_write_fish(const struct completion_script *script) {
  const struct completion *completion = script->completion;
  const char *program = completion->program;
  completion_say(script, "# Completes %s in fish. `%s --completion fish` prints it.\n", program, program);
  if (completion_asks(script)) completion_say(script, FUNCTIONS, program);
  if (completion->command_count > 1) {
    completion_say(script, "set -g __%s_commands ", program);
    completion_put_commands(script, " ");
    completion_put_text(script, "\n");
    completion_say(script, COMMAND_FUNCTIONS, program, program, program);
  }
  completion_say(script, "complete -c %s -e\ncomplete -c %s -f\n", program, program);
  if (completion->command_count > 1) put_command_names(script, "is_first");
  for (size_t i = 0; i < completion->command_count; i++) {
    const struct completion_command *command = &completion->commands[i];
    for (size_t row = 0; row < command->row_count; row++)
      put_option(script, command, &command->rows[row]);
    put_words(script, command);
  }
}
