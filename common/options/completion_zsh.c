/* The script for zsh: a specification for _arguments of each option, with its help. It may be sourced, or lie in a file
 * _PROGRAM of $fpath. */
#include "common/options/completion_script.h"

/* What ends an option's help, or is taken off it, within a specification. */
#define SPECIAL_IN_HELP "\\[]:"
/* Within an argument's name, and within a word of _describe. */
#define SPECIAL_IN_NAME "\\:"

#define ASK_FUNCTION                                                 \
  "# What the program itself knows: ports, words.\n"                 \
  "_%s_ask() {\n"                                                    \
  "  local -a offered\n"                                             \
  "  offered=(${(f)\"$($program --completion $1 2> /dev/null)\"})\n" \
  "  offered=(\"${(@)offered//:/\\\\:}\")\n"                         \
  "  offered=(\"${(@)offered/$'\\t'/:}\")\n"                         \
  "  _describe -t $1 $2 offered\n"                                   \
  "}\n"                                                              \
  "_%s_ports() { _%s_ask ports 'port in use' }\n"                    \
  "_%s_words() { _%s_ask words word }\n"                             \
  "_%s_labs() { _%s_ask labs lab }\n"

#define ENDING                              \
  "if [[ $funcstack[1] == _%s ]]; then\n"   \
  "  _%s \"$@\"\n"                          \
  "elif (( $+functions[compdef] )); then\n" \
  "  compdef _%s %s\n"                      \
  "fi\n"

static void put_words(const struct completion_script *script, const struct completion_command *command) {
  const char *program = script->completion->program;
  if (command->words == COMPLETION_FILES) completion_put_text(script, " \\\n    '*:file:_files'");
  if (command->words == COMPLETION_PORTS) completion_say(script, " \\\n    '*:port:_%s_ports'", program);
  if (command->words == COMPLETION_TERMS) completion_say(script, " \\\n    '*:word:_%s_words'", program);
  if (command->words == COMPLETION_LABS) completion_say(script, " \\\n    '1:lab:_%s_labs'", program);
  if (command->words == COMPLETION_COMMANDS) completion_say(script, " \\\n    '1:command:_%s_commands'", program);
}

/* ":WAY:(echo up down)" */
static void put_value(const struct completion_script *script, const struct option_row *row) {
  completion_put_text(script, ":");
  completion_put_quoted(script, row->argument, SPECIAL_IN_NAME);
  completion_put_text(script, ":");
  if (completion_names_file(row)) completion_put_text(script, "_files");
  if (row->kind == OPTION_CHOICE) {
    completion_put_text(script, "(");
    completion_put_choices(script, row->choices);
    completion_put_text(script, ")");
  }
  if (!completion_names_file(row) && row->kind != OPTION_CHOICE) completion_put_text(script, " ");
}

/* One of the option's two names: '(-j --json)--json=[write the result file]:FILE:_files' */
static void put_name(const struct completion_script *script, const struct option_row *row, bool is_letter) {
  char words[OPTIONS_PROBLEM_SIZE];
  bool has_value = row->kind != OPTION_FLAG;
  completion_put_text(script, " \\\n    '");
  if (options_is_list(row))
    completion_put_text(script, "*");
  else if (row->letter != 0)
    completion_say(script, "(-%c --%s)", row->letter, row->name);
  if (is_letter)
    completion_say(script, "-%c%s[", row->letter, has_value ? "+" : "");
  else
    completion_say(script, "--%s%s[", row->name, has_value ? "=" : "");
  completion_put_quoted(script, options_help_words(row, words), SPECIAL_IN_HELP);
  completion_put_text(script, "]");
  if (has_value) put_value(script, row);
  completion_put_text(script, "'");
}

static void put_arguments(const struct completion_script *script, const struct completion_command *command) {
  completion_put_text(script, "_arguments -s -S");
  for (size_t i = 0; i < command->row_count; i++) {
    if (command->rows[i].letter != 0) put_name(script, &command->rows[i], true);
    put_name(script, &command->rows[i], false);
  }
  if (command->name[0] == '\0' && script->completion->command_count > 1)
    completion_say(script, " \\\n    '1:command or port:_%s_first'", script->completion->program);
  put_words(script, command);
  completion_put_text(script, "\n");
}

static void put_commands_function(const struct completion_script *script) {
  const struct completion *completion = script->completion;
  completion_say(script, "_%s_commands() {\n  local -a commands\n  commands=(\n", completion->program);
  for (size_t i = 1; i < completion->command_count; i++) {
    completion_say(script, "    '%s:", completion->commands[i].name);
    completion_put_quoted(script, completion->commands[i].summary, SPECIAL_IN_NAME);
    completion_put_text(script, "'\n");
  }
  completion_put_text(script, "  )\n  _describe -t commands command commands\n}\n");
  completion_say(script,
                 "# The first word is a command or, without one, what is measured.\n"
                 "_%s_first() {\n  local -i found=1\n  (( CURRENT > 2 )) || { _%s_commands && found=0 }\n"
                 "  _%s_ports && found=0\n  return found\n}\n",
                 completion->program, completion->program, completion->program);
}

void completion_write_zsh(const struct completion_script *script) {
  const struct completion *completion = script->completion;
  const char *program = completion->program;
  completion_say(script, "#compdef %s\n# Completes %s in zsh. `%s --completion zsh` prints it.\n", program, program,
                 program);
  if (completion_asks(script))
    completion_say(script, ASK_FUNCTION, program, program, program, program, program, program, program);
  if (completion->command_count > 1) put_commands_function(script);
  completion_say(script, "_%s() {\n  local program=${words[1]/#\\~\\//$HOME/}\n", program);
  if (completion->command_count > 1) {
    completion_put_text(script, "  (( CURRENT > 2 )) && case $words[2] in\n");
    for (size_t i = 1; i < completion->command_count; i++) {
      completion_say(script, "  (%s)\n    shift words\n    (( CURRENT -= 1 ))\n    ", completion->commands[i].name);
      put_arguments(script, &completion->commands[i]);
      completion_put_text(script, "    return\n    ;;\n");
    }
    completion_put_text(script, "  esac\n");
  }
  completion_put_text(script, "  ");
  put_arguments(script, &completion->commands[0]);
  completion_put_text(script, "}\n");
  completion_say(script, ENDING, program, program, program, program);
}
