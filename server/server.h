/* lopong's server as a whole. */
#ifndef LOPING_SERVER_SERVER_H
#define LOPING_SERVER_SERVER_H

#include "server/settings/settings.h"

/* Runs the server until a signal ends it. Returns the program's exit status (0, 2 or 3); everything is said then. */
int server_run(const struct settings *settings);

#endif
