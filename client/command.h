/* A command of loping: one row of the table in main.c, and what its function is given. */
#ifndef LOPING_CLIENT_COMMAND_H
#define LOPING_CLIENT_COMMAND_H

/* Exit statuses of the design. */
enum exit_status {
  EXIT_FINE = 0,
  EXIT_ANSWER_IS_NO = 1,
  EXIT_WRONG_USAGE = 2,
  EXIT_NOT_DONE = 3,
};

struct command;

struct invocation {
  const struct command *command;
  int argc; /* from the command's word on; argv[0] is that word, or the program's name */
  char **argv;
  int full_argc; /* the whole command line */
  char **full_argv;
};

struct command {
  const char *name;                                /* "" for the report card */
  const char *summary;                             /* one line */
  int (*run)(const struct invocation *invocation); /* everything from the options on; returns the exit status */
};

/* The command whose name is `word`, or NULL. */
const struct command *command_find(const char *word);

/* Says on stderr what is wrong with the command line and where its help is; returns EXIT_WRONG_USAGE. */
int command_refuse(const struct command *command, const char *problem);

/* Prints to stdout what every command's help begins with. */
void command_print_usage(const struct command *command, const char *arguments);

#endif
