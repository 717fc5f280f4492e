/* `loping help [COMMAND]`. */
#ifndef LOPING_CLIENT_FRAME_COMMAND_HELP_H
#define LOPING_CLIENT_FRAME_COMMAND_HELP_H

#include "client/frame/command.h"

int command_help(const struct invocation *invocation);
void command_help_describe(const struct command *command, struct command_help *help);

#endif
