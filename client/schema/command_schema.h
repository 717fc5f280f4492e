/* `loping schema [NAME]`: the JSON schema of what the commands write as JSON. */
#ifndef LOPING_CLIENT_SCHEMA_COMMAND_SCHEMA_H
#define LOPING_CLIENT_SCHEMA_COMMAND_SCHEMA_H

#include "client/frame/command.h"

/* Slots of struct command. */
int command_schema(const struct invocation *invocation);
void command_schema_describe(const struct command *command, struct command_help *help);

#endif
