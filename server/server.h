/* lopong's server as a whole. */
#ifndef LOPING_SERVER_SERVER_H
#define LOPING_SERVER_SERVER_H

#include "server/manager/given.h"
#include "server/settings/settings.h"

/* Runs the server until a signal ends it, on the sockets that were given, if any were. Returns the program's exit
 * status (0, 2 or 3); everything is said then. */
int server_run(const struct settings *settings, const struct given_sockets *given);

#endif
