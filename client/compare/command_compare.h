/* `loping compare`: result files side by side, with a verdict that knows noise. */
#ifndef LOPING_CLIENT_COMPARE_COMMAND_COMPARE_H
#define LOPING_CLIENT_COMPARE_COMMAND_COMPARE_H

#include "client/frame/command.h"

/* Slot of struct command. */
int command_compare(const struct invocation *invocation);

#endif
