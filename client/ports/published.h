/* Published ports that no socket of the list shows: which they are, in words and as JSON. Pure. */
#ifndef LOPING_CLIENT_PORTS_PUBLISHED_H
#define LOPING_CLIENT_PORTS_PUBLISHED_H

#include <jansson.h>

#include "client/check/firewall/published_ports.h"
#include "client/ports/port_rows.h"

/* Is it one that the filter lets through, and that no socket of the list takes requests for? */
bool published_is_listed(const struct published_port *port, const struct port_list *list,
                         const struct port_filter *filter);

/* "8080/tcp on every address -> 172.17.0.2:80, by Docker's rule in ip nat DOCKER". Escaped. Writes into `out` and
 * returns it. */
const char *published_text(const struct published_port *port, char *out, size_t out_bytes);

/* The caller owns it. */
json_t *published_json(const struct published_port *port);

#endif
