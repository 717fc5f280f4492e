/* What --junit tells a CI system of `ports --expect`: a case for each port that listens. */
#ifndef LOPING_CLIENT_PORTS_PORTS_JUNIT_H
#define LOPING_CLIENT_PORTS_PORTS_JUNIT_H

#include "client/ports/port_rows.h"

/* The whole document; the caller frees it. NULL if memory ran out. */
char *ports_junit_make(const struct port_row *rows, size_t count);

#endif
