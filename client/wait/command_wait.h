/* `loping wait PORT...`: until a port answers, can be bound, or says an HTTP status. */
#ifndef LOPING_CLIENT_WAIT_COMMAND_WAIT_H
#define LOPING_CLIENT_WAIT_COMMAND_WAIT_H

#include "client/frame/command.h"

/* A slot of struct command. */
int command_wait(const struct invocation *invocation);

#endif
