/* `loping ladder [TARGET]`: the packets of one connection, as a ladder. */
#ifndef LOPING_CLIENT_LADDER_COMMAND_LADDER_H
#define LOPING_CLIENT_LADDER_COMMAND_LADDER_H

#include "client/frame/command.h"

/* A slot of struct command. */
int command_ladder(const struct invocation *invocation);

/* What --help says of the command. */
void command_ladder_describe(const struct command *command, struct command_help *help);

#endif
