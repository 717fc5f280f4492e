/* `loping check [PORT...]`: is the port open, closed, blocked by a firewall, stuck? */
#ifndef LOPING_CLIENT_CHECK_COMMAND_CHECK_H
#define LOPING_CLIENT_CHECK_COMMAND_CHECK_H

#include "client/frame/command.h"

/* Slot of struct command. */
int command_check(const struct invocation *invocation);

/* What --help says of the command. */
void command_check_describe(const struct command *command, struct command_help *help);

#endif
