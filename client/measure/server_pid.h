/* The server's process, for what only the system tells of it. */
#ifndef LOPING_CLIENT_MEASURE_SERVER_PID_H
#define LOPING_CLIENT_MEASURE_SERVER_PID_H

#include <stdint.h>

#include "common/net/address.h"

/* Whose listener (UDP: whose socket) a target on this machine's loopback is, where a single process has it, and this
 * user may see that; otherwise 0. Whether it is a lopong the caller has to find out. */
uint32_t server_pid_of(const struct endpoint *target);

#endif
