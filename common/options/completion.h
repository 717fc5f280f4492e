/*
 * What makes a shell complete a program's command line: a script for bash, zsh or fish, written from the tables that
 * the parser reads. What only the machine knows (the ports in use) the script asks of the program itself, by "PROGRAM
 * --completion ports": a line for each, with a tab before what it is. Pure text.
 */
#ifndef LOPING_COMMON_OPTIONS_COMPLETION_H
#define LOPING_COMMON_OPTIONS_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

#include "common/options/options.h"

#define COMPLETION_SHELLS "bash|zsh|fish"

/* What a command's words are that belong to no option. */
enum completion_words {
  COMPLETION_NOTHING,
  COMPLETION_PORTS, /* "--completion ports" prints them */
  COMPLETION_TERMS, /* "--completion words" does */
  COMPLETION_LABS,  /* "--completion labs" does */
  COMPLETION_FILES,
  COMPLETION_COMMANDS, /* the program's own */
};

struct completion_command {
  const char *name; /* "" for the program without a command, which is the first row */
  const char *summary;
  const struct option_row *rows;
  size_t row_count;
  enum completion_words words;
};

struct completion {
  const char *program; /* letters alone: it becomes part of the names of functions */
  const struct completion_command *commands;
  size_t command_count;
};

typedef void completion_put(void *owner, const char *bytes, size_t length);

/* Writes the script for one of COMPLETION_SHELLS. Returns false for another word. */
bool completion_write(const struct completion *completion, const char *shell, completion_put *put, void *owner);

#endif
