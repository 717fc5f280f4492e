/*
 * The frame of every command: its row in main.c's table, its help and version, a wrong word or option, and whether it
 * may colour what it prints.
 */
#ifndef LOPING_CLIENT_FRAME_COMMAND_H
#define LOPING_CLIENT_FRAME_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "common/options/completion.h"
#include "common/options/exit_status.h"
#include "common/options/help_page.h"
#include "common/options/options.h"
#include "common/text/draw.h"
#include "common/text/dress.h"

struct invocation;
struct command_help;
struct command_table;

struct command {
  const char *name;                                /* "" for the report card */
  const char *summary;                             /* one line */
  int (*run)(const struct invocation *invocation); /* everything from the options on; returns the exit status */
  /* What --help and the shells' completion say of it. */
  void (*describe)(const struct command *command, struct command_help *help);
  struct help_example examples[HELP_PAGE_EXAMPLES];
  const void *subject;  /* what `run` shall do, where it serves several commands */
  bool is_aside;        /* of the program's own one screen of help only the last line names it */
  bool starts_programs; /* a shell: it keeps the right to */
};

struct command_table {
  const struct command *rows; /* the first is what the program does without a command */
  size_t count;
  /* --completion, which is about all of them: prints what the value names, and returns the exit status. */
  int (*complete)(const struct command_table *table, const char *what);
};

struct invocation {
  const struct command *command;
  struct command_table commands;
  int argc; /* from the command's word on; argv[0] is that word, or the program's name */
  char **argv;
  int full_argc; /* the whole command line */
  char **full_argv;
};

/* What every command's settings begin with. */
struct common_settings {
  bool wants_help;
  bool wants_full_help;
  bool wants_version;
  bool no_color;
  bool is_ascii;
};

/* The rows of these options, for a command's own table; `settings` is the type of its settings, which have them as
 * `common`. */
#define COMMAND_COLOR_ROW(settings)                                                           \
  {                                                                                           \
    "no-color", 0, OPTION_FLAG, offsetof(struct settings, common.no_color), NULL, 0, 0, NULL, \
        "no colours (NO_COLOR too; CLICOLOR_FORCE wants them without a terminal)"             \
  }
#define COMMAND_ASCII_ROW(settings)                                                        \
  {                                                                                        \
    "ascii", 0, OPTION_FLAG, offsetof(struct settings, common.is_ascii), NULL, 0, 0, NULL, \
        "draw with ASCII alone, whatever the locale"                                       \
  }
#define COMMAND_HELP_ROW(settings)                                                            \
  {                                                                                           \
    "help", 'h', OPTION_FLAG, offsetof(struct settings, common.wants_help), NULL, 0, 0, NULL, \
        "print the help that fits one screen"                                                 \
  }
#define COMMAND_HELP_ALL_ROW(settings)                                                               \
  {                                                                                                  \
    "help-all", 0, OPTION_FLAG, offsetof(struct settings, common.wants_full_help), NULL, 0, 0, NULL, \
        "print the whole help, with all options"                                                     \
  }
#define COMMAND_VERSION_ROW(settings)                                                               \
  {                                                                                                 \
    "version", 'V', OPTION_FLAG, offsetof(struct settings, common.wants_version), NULL, 0, 0, NULL, \
        "print the version"                                                                         \
  }

#define COMMAND_ROWS_MAX OPTIONS_ROWS_MAX
#define COMMAND_TEXT_MAX 512

/* The words of one command's --help around its options. */
struct command_help {
  const char *arguments;       /* of the usage line: "[options] [TARGET]" */
  enum completion_words takes; /* for the shells */
  const char *before;          /* what the arguments mean; ends with a newline; may be NULL */
  const char *before_brief;    /* the same in at most two lines */
  const char *after;           /* the exit statuses */
  const struct option_row *rows;
  size_t row_count;
  /* Room for what is put together: `rows` and `before` may point here. */
  struct option_row own_rows[COMMAND_ROWS_MAX];
  char own_text[COMMAND_TEXT_MAX];
};

/* Prints help or version where they are wanted; true then, and the command is done. */
bool command_answers(const struct invocation *invocation, const struct common_settings *settings);

/* Prints the help of any command: what fits one screen, or all of it. */
void command_print_help(const struct command_table *commands, const struct command *command, bool is_full);

/* The command whose name is `word`, or NULL. */
const struct command *command_find(const struct command_table *table, const char *word);

/* Why there is no such command, with the nearest that there is, into `problem` (OPTIONS_PROBLEM_SIZE bytes). False:
 * none is near, and nothing is written. */
bool command_suggest(const struct command_table *table, const char *word, char *problem);

/* Says on stderr what is wrong with the command line and where its help is; returns EXIT_WRONG_USAGE. */
int command_refuse(const struct command *command, const char *problem);

/* The same for EXIT_WRONG_USAGE; for any other status the problem alone, as the command line is right. Returns it. */
int command_end_with(const struct command *command, int status, const char *problem);

/* One line on stderr, "loping: " in front. Texts from outside are escaped already (safe_text.h). */
__attribute__((format(__printf__, 1, 2))) void command_complain(const char *format, ...);

/* How what is written to the descriptor may be dressed (dress.h). */
struct dress_facts command_dress(const struct common_settings *settings, int descriptor);

/* May stdout be coloured? */
bool command_may_colour(const struct common_settings *settings);

/* What bars and charts are made of, wherever they go. */
enum draw_set command_draws(const struct common_settings *settings);

#endif
