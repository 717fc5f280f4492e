/* `loping --completion WHAT`: the script for a shell, and what the script then asks. */
#ifndef LOPING_CLIENT_COMPLETE_COMPLETE_H
#define LOPING_CLIENT_COMPLETE_COMPLETE_H

#include "client/frame/command.h"

/* Prints on stdout the script for bash, zsh or fish, or "ports" or "words", one a line. Returns the exit status. */
int complete_print(const struct command_table *commands, const char *what);

#endif
