/* The frame of every command; see command.h. Knows no command by name. */
#include "client/frame/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"
#include "common/text/version.h"

#define STDOUT_DESCRIPTOR 1
#define SENTENCE_SIZE     2048
#define HELP_SIZE         16384
/* The commands' summaries begin here. */
#define COMMAND_COLUMN 15

int command_refuse(const struct command *command, const char *problem) {
  char text[SENTENCE_SIZE];
  /* Not the words are wrong where the look at them lacked something. */
  if (lack_code() != 0) {
    command_complain("%s", problem);
    return EXIT_NOT_DONE;
  }
  snprintf(text, sizeof text, "loping: %.*s\nTry 'loping %s%s--help'.\n", SENTENCE_SIZE - 128, problem, command->name,
           command->name[0] == '\0' ? "" : " ");
  layout_write(stderr, text);
  return EXIT_WRONG_USAGE;
}

int command_end_with(const struct command *command, int status, const char *problem) {
  if (status == EXIT_WRONG_USAGE) return command_refuse(command, problem);
  command_complain("%s", problem);
  return status;
}

void command_complain(const char *format, ...) {
  char sentence[SENTENCE_SIZE], line[SENTENCE_SIZE + 16];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  snprintf(line, sizeof line, "loping: %s\n", sentence);
  layout_write(stderr, line);
}

/* Into `text`, as printf() does; what does not fit is cut. */
__attribute__((format(__printf__, 2, 3))) static void append(char text[HELP_SIZE], const char *format, ...) {
  size_t used = strlen(text);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text + used, HELP_SIZE - used, format, arguments);
  va_end(arguments);
}

static void append_command(char text[HELP_SIZE], const char *name, const char *summary) {
  char out[OPTIONS_PROBLEM_SIZE];
  append(text, "%s", options_format_entry(name, summary, COMMAND_COLUMN, layout_columns(stdout), out));
}

static void append_usage(const struct invocation *invocation, const char *arguments, char text[HELP_SIZE]) {
  const struct command *command = invocation->command;
  bool is_first = command == &invocation->commands.rows[0];
  append(text, "usage: loping %s%s%s\n", is_first ? "[COMMAND] " : command->name, is_first ? "" : " ", arguments);
  if (!is_first) {
    append(text, "%s: %s\n\n", command->name, command->summary);
    return;
  }
  append(text, "Measures this machine's loopback against an echo server such as lopong.\n\ncommands:\n");
  append_command(text, "(none)", command->summary);
  for (size_t i = 1; i < invocation->commands.count; i++)
    append_command(text, invocation->commands.rows[i].name, invocation->commands.rows[i].summary);
  append(text, "`loping COMMAND --help` lists the options of a command.\n\n");
}

bool command_answers(const struct invocation *invocation, const struct common_settings *settings,
                     const struct command_help *help) {
  char line[OPTIONS_PROBLEM_SIZE], text[HELP_SIZE] = "";
  if (settings->wants_help) {
    append_usage(invocation, help->arguments, text);
    if (help->before != NULL) append(text, "%s\n", help->before);
    append(text, "options:\n");
    for (size_t i = 0; i < help->row_count; i++)
      append(text, "%s", options_format_help(&help->rows[i], layout_columns(stdout), line));
    if (help->after != NULL) append(text, "\n%s", help->after);
    layout_write(stdout, text);
    return true;
  }
  if (settings->wants_version) printf("loping %s (libuv %s)\n", LOPING_VERSION, uv_version_string());
  return settings->wants_version;
}

const struct command *command_find(const struct command_table *table, const char *word) {
  for (size_t i = 1; i < table->count; i++)
    if (strcmp(table->rows[i].name, word) == 0) return &table->rows[i];
  return NULL;
}

bool command_may_colour(const struct common_settings *settings) {
  const char *no_color = getenv("NO_COLOR");
  if (settings->no_color || (no_color != NULL && no_color[0] != '\0')) return false;
  return uv_guess_handle(STDOUT_DESCRIPTOR) == UV_TTY;
}
