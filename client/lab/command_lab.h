/* `loping lab [NAME]`: a situation made real, as an exercise. */
#ifndef LOPING_CLIENT_LAB_COMMAND_LAB_H
#define LOPING_CLIENT_LAB_COMMAND_LAB_H

#include "client/frame/command.h"

/* A slot of struct command. */
int command_lab(const struct invocation *invocation);

/* What --help says of the command. */
void command_lab_describe(const struct command *command, struct command_help *help);

#endif
