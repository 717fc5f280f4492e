/* `loping ports`: who listens on this machine, and what of it others can reach. */
#ifndef LOPING_CLIENT_PORTS_COMMAND_PORTS_H
#define LOPING_CLIENT_PORTS_COMMAND_PORTS_H

#include "client/frame/command.h"

/* A slot of struct command. */
int command_ports(const struct invocation *invocation);

#endif
