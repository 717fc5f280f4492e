/* What people know a port by that no registry says: tools of development, and browsers that refuse it. Pure. */
#ifndef LOPING_CLIENT_EXPLAIN_KNOWN_PORTS_H
#define LOPING_CLIENT_EXPLAIN_KNOWN_PORTS_H

#include <stdbool.h>
#include <stdint.h>

/* "PostgreSQL"; NULL: none is known. Which program really has the port, it does not say. */
const char *known_port_user(uint16_t port);

/* Do browsers refuse to open it, whatever listens there? (Fetch standard, "port blocking".) */
bool known_port_refused_by_browsers(uint16_t port);

#endif
