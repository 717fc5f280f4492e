/* The commands that measure: each is a row of defaults, all run by the same function. */
#ifndef LOPING_CLIENT_MEASURE_COMMAND_MEASURE_H
#define LOPING_CLIENT_MEASURE_COMMAND_MEASURE_H

#include "client/command.h"

/* Slots of struct command. */
int command_card(const struct invocation *invocation);
int command_ping(const struct invocation *invocation);
int command_latency(const struct invocation *invocation);
int command_throughput(const struct invocation *invocation);
int command_anatomy(const struct invocation *invocation);
int command_connect(const struct invocation *invocation);
int command_sweep(const struct invocation *invocation);

#endif
