/* The command line of lopong, judged before anything is opened. */
#ifndef LOPING_SERVER_SETTINGS_COMMAND_LINE_H
#define LOPING_SERVER_SETTINGS_COMMAND_LINE_H

#include "server/settings/settings.h"

/* Reads and judges the command line. `port_variable` is the value of DEFAULT_PORT_VARIABLE, or NULL. Returns false with
 * a sentence in `problem` (OPTIONS_PROBLEM_SIZE bytes). With
 * --help, --version and the like nothing else is judged. The texts in `settings` point into argv. */
bool command_line_read(int argc, char **argv, const char *port_variable, struct settings *settings,
                       char problem[OPTIONS_PROBLEM_SIZE]);

/* Prints --help or, as a whole, --help-all on stdout. */
void command_line_print_help(bool is_full);

/* Prints on stdout what makes the shell complete the command line. */
void command_line_print_completion(const char *shell);

#endif
