/* The command line of lopong, judged before anything is opened. */
#ifndef LOPING_SERVER_SETTINGS_COMMAND_LINE_H
#define LOPING_SERVER_SETTINGS_COMMAND_LINE_H

#include "server/settings/settings.h"

/* Reads and judges the command line. Returns false with a sentence in `problem` (OPTIONS_PROBLEM_SIZE bytes). With
 * --help or --version nothing else is judged. The texts in `settings` point into argv. */
bool command_line_read(int argc, char **argv, struct settings *settings, char problem[OPTIONS_PROBLEM_SIZE]);

/* Prints --help on stdout. */
void command_line_print_help(void);

#endif
