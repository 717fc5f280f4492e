/* `loping help [COMMAND]`: what `loping COMMAND --help` prints, for who asks the other way round. */
#include "client/frame/command_help.h"

#include <stdio.h>
#include <string.h>

#include "common/text/safe_text.h"

struct help_settings {
  struct common_settings common;
  bool wants_all;
};

static const struct option_row rows[] = {
    {"all", 'a', OPTION_FLAG, offsetof(struct help_settings, wants_all), NULL, 0, 0, NULL,
     OPTION_BRIEF("all options of the command, as its --help-all")},
    COMMAND_HELP_ROW(help_settings),
    COMMAND_HELP_ALL_ROW(help_settings),
    COMMAND_VERSION_ROW(help_settings),
};

#define ROWS (sizeof rows / sizeof rows[0])

void command_help_describe(const struct command *command, struct command_help *help) {
  (void)command;
  help->arguments = "[--all] [COMMAND]";
  help->takes = COMPLETION_COMMANDS;
  help->before = help->before_brief = "COMMAND is one of those that loping help lists.\n";
  help->after = "exit status: 0 fine, 2 no such command or wrong usage.\n";
  help->rows = rows;
  help->row_count = ROWS;
}

static int refuse_word(const struct invocation *invocation, const char *word) {
  char problem[OPTIONS_PROBLEM_SIZE], shown[64];
  if (!command_suggest(&invocation->commands, word, problem)) {
    safe_text_copy(word, strlen(word), shown, sizeof shown);
    snprintf(problem, sizeof problem, "there is no command '%s'; loping help lists them", shown);
  }
  return command_refuse(invocation->command, problem);
}

int command_help(const struct invocation *invocation) {
  struct help_settings settings = {.wants_all = false};
  struct options_parsed parsed;
  if (!options_parse(rows, ROWS, invocation->argc, invocation->argv, &settings, &parsed))
    return command_refuse(invocation->command, parsed.problem);
  if (command_answers(invocation, &settings.common)) return EXIT_FINE;
  if (parsed.positional_count > 1)
    return command_refuse(invocation->command, "help is for one command at a time; leave out the others");
  const struct command *command = &invocation->commands.rows[0];
  if (parsed.positional_count == 1) command = command_find(&invocation->commands, parsed.positionals[0]);
  if (command == NULL) return refuse_word(invocation, parsed.positionals[0]);
  command_print_help(&invocation->commands, command, settings.wants_all);
  return EXIT_FINE;
}
