/* `loping compare`: result files side by side, with a verdict that knows noise. */
#ifndef LOPING_CLIENT_COMPARE_COMMAND_COMPARE_H
#define LOPING_CLIENT_COMPARE_COMMAND_COMPARE_H

#include "client/frame/command.h"

/* Slot of struct command. */
int command_compare(const struct invocation *invocation);

/* What --help says of the command. */
void command_compare_describe(const struct command *command, struct command_help *help);

#endif
