/* The frame of every command; see command.h. Knows no command by name. */
#include "client/frame/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"
#include "common/text/terminal.h"
#include "common/text/version.h"

#define STDOUT_DESCRIPTOR 1
#define SENTENCE_SIZE     2048
#define HELP_SIZE         HELP_PAGE_SIZE
#define COMMANDS_MAX      32
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

static void append_commands(const struct command_table *table, bool is_full, char text[HELP_SIZE]) {
  append_command(text, "(none)", table->rows[0].summary);
  for (size_t i = 1; i < table->count; i++)
    if (is_full || !table->rows[i].is_aside) append_command(text, table->rows[i].name, table->rows[i].summary);
}

static bool is_first(const struct command_table *table, const struct command *command) {
  return command == &table->rows[0];
}

static void append_usage(const struct command_table *table, const struct command *command, const char *arguments,
                         char text[HELP_SIZE]) {
  if (!is_first(table, command)) {
    append(text, "usage: loping %s %s\n%s: %s\n", command->name, arguments, command->name, command->summary);
    return;
  }
  append(text, "usage: loping [COMMAND] %s\nMeasures this machine's loopback against an echo server such as lopong.\n",
         arguments);
}

static void write_full(const struct command_table *table, const struct command *command,
                       const struct command_help *help, char text[HELP_SIZE]) {
  char line[OPTIONS_PROBLEM_SIZE];
  append_usage(table, command, help->arguments, text);
  append(text, "\n");
  if (is_first(table, command)) {
    append(text, "commands:\n");
    append_commands(table, true, text);
    append(text, "`loping COMMAND --help` says more of a command.\n\n");
  }
  if (help->before != NULL) append(text, "%s\n", help->before);
  append(text, "options:\n");
  for (size_t i = 0; i < help->row_count; i++)
    append(text, "%s", options_format_help(&help->rows[i], layout_columns(stdout), line));
  append(text, "\nexamples:\n");
  for (size_t i = 0; i < HELP_PAGE_EXAMPLES; i++)
    append(text, "  %s   (%s)\n", command->examples[i].words, command->examples[i].does);
  if (help->after != NULL) append(text, "\n%s", help->after);
}

static void write_short(const struct command_table *table, const struct command *command,
                        const struct command_help *help, char text[HELP_SIZE]) {
  char head[HELP_SIZE] = "", after[COMMAND_TEXT_MAX];
  bool is_program = is_first(table, command);
  append_usage(table, command, help->arguments, head);
  if (is_program) {
    append(head, "\n");
    append_commands(table, false, head);
    snprintf(after, sizeof after, "Help: loping help COMMAND. All options: loping --help-all. JSON: loping schema\n");
  } else {
    snprintf(after, sizeof after, "%sall options: loping %s --help-all\n", help->after, command->name);
  }
  struct help_page page = {.head = head,
                           .examples = {command->examples[0], command->examples[1]},
                           .rows = help->rows,
                           /* The program's own screen is its commands. */
                           .row_count = is_program ? 0 : help->row_count,
                           .arguments = is_program ? NULL : help->before_brief,
                           .after = after};
  help_page_write(&page, layout_columns(stdout), text);
}

void command_print_help(const struct command_table *commands, const struct command *command, bool is_full) {
  char text[HELP_SIZE] = "";
  struct command_help help = {.arguments = NULL};
  command->describe(command, &help);
  if (is_full)
    write_full(commands, command, &help, text);
  else
    write_short(commands, command, &help, text);
  layout_write(stdout, text);
}

bool command_answers(const struct invocation *invocation, const struct common_settings *settings) {
  if (settings->wants_help || settings->wants_full_help) {
    command_print_help(&invocation->commands, invocation->command, settings->wants_full_help);
    return true;
  }
  if (settings->wants_version) printf("loping %s (libuv %s)\n", LOPING_VERSION, uv_version_string());
  return settings->wants_version;
}

bool command_suggest(const struct command_table *table, const char *word, char *problem) {
  const char *names[COMMANDS_MAX];
  char shown[64];
  size_t count = 0;
  for (size_t i = 1; i < table->count && count < COMMANDS_MAX; i++)
    names[count++] = table->rows[i].name;
  const char *nearest = options_nearest(word, names, count);
  if (nearest == NULL) return false;
  safe_text_copy(word, strlen(word), shown, sizeof shown);
  snprintf(problem, OPTIONS_PROBLEM_SIZE, "there is no command '%s'; the nearest is '%s'", shown, nearest);
  return true;
}

const struct command *command_find(const struct command_table *table, const char *word) {
  for (size_t i = 1; i < table->count; i++)
    if (strcmp(table->rows[i].name, word) == 0) return &table->rows[i];
  return NULL;
}

struct dress_facts command_dress(const struct common_settings *settings, int descriptor) {
  struct dress_facts facts = {.no_color_option = settings->no_color,
                              .ascii_option = settings->is_ascii,
                              .is_terminal = uv_guess_handle(descriptor) == UV_TTY,
                              .is_always_utf8 = terminal_is_always_utf8()};
  dress_read_environment(&facts);
  return facts;
}

bool command_may_colour(const struct common_settings *settings) {
  struct dress_facts facts = command_dress(settings, STDOUT_DESCRIPTOR);
  return dress_has_colour(&facts);
}

enum draw_set command_draws(const struct common_settings *settings) {
  struct dress_facts facts = command_dress(settings, STDOUT_DESCRIPTOR);
  return dress_has_unicode(&facts) ? DRAW_UNICODE : DRAW_ASCII;
}
