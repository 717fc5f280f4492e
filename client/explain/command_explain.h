/* `loping explain WORD`: an error code, a port, an address or a word, in plain sentences. */
#ifndef LOPING_CLIENT_EXPLAIN_COMMAND_EXPLAIN_H
#define LOPING_CLIENT_EXPLAIN_COMMAND_EXPLAIN_H

#include "client/frame/command.h"

/* A slot of struct command. */
int command_explain(const struct invocation *invocation);

/* What --help says of the command. */
void command_explain_describe(const struct command *command, struct command_help *help);

#endif
