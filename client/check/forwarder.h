/* Programs that hand each connection on to another place, which their command line names. Pure. */
#ifndef LOPING_CLIENT_CHECK_FORWARDER_H
#define LOPING_CLIENT_CHECK_FORWARDER_H

#include <stdbool.h>
#include <stdint.h>

#define FORWARD_HOST_SIZE 64

struct forward {
  char host[FORWARD_HOST_SIZE]; /* an address or a name, as it stands there; not escaped */
  uint16_t port;
};

/* Where a program forwards what comes to its port `port`: docker-proxy, ssh -L, socat; HAProxy's is in its
 * configuration (haproxy_config.h). False if it does not say. */
bool forward_find(const char *command, const char *command_line, uint16_t port, struct forward *forward);

#endif
