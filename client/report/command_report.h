/* `loping report`: result files as one page to look at, or as a picture or a table. */
#ifndef LOPING_CLIENT_REPORT_COMMAND_REPORT_H
#define LOPING_CLIENT_REPORT_COMMAND_REPORT_H

#include "client/frame/command.h"

/* Returns the exit status. */
int command_report(const struct invocation *invocation);

/* What --help says of the command. */
void command_report_describe(const struct command *command, struct command_help *help);

#endif
