/* The frame of every command; see command.h. Knows no command by name. */
#include "client/frame/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/text/safe_text.h"
#include "common/text/version.h"

#define STDOUT_DESCRIPTOR 1
#define SENTENCE_SIZE     2048

int command_refuse(const struct command *command, const char *problem) {
  fprintf(stderr, "loping: %s\nTry 'loping %s%s--help'.\n", problem, command->name,
          command->name[0] == '\0' ? "" : " ");
  return EXIT_WRONG_USAGE;
}

void command_complain(const char *format, ...) {
  char sentence[SENTENCE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  fprintf(stderr, "loping: %s\n", sentence);
}

static void print_usage(const struct invocation *invocation, const char *arguments) {
  const struct command *command = invocation->command;
  bool is_first = command == &invocation->commands.rows[0];
  printf("usage: loping %s%s%s\n", is_first ? "[COMMAND] " : command->name, is_first ? "" : " ", arguments);
  if (!is_first) {
    printf("%s: %s\n\n", command->name, command->summary);
    return;
  }
  printf("Measures this machine's loopback against an echo server such as lopong.\n\n");
  printf("commands:\n  %-12s %s\n", "(none)", command->summary);
  for (size_t i = 1; i < invocation->commands.count; i++)
    printf("  %-12s %s\n", invocation->commands.rows[i].name, invocation->commands.rows[i].summary);
  printf("`loping COMMAND --help` lists the options of a command.\n\n");
}

bool command_answers(const struct invocation *invocation, const struct common_settings *settings,
                     const struct command_help *help) {
  char line[OPTIONS_PROBLEM_SIZE];
  if (settings->wants_help) {
    print_usage(invocation, help->arguments);
    if (help->before != NULL) printf("%s\n", help->before);
    printf("options:\n");
    for (size_t i = 0; i < help->row_count; i++)
      fputs(options_format_help(&help->rows[i], line), stdout);
    if (help->after != NULL) printf("\n%s", help->after);
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
