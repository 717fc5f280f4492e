/* The default port; see default_port.h. */
#include "client/frame/default_port.h"

#include <stdlib.h>

#include "common/options/default_port.h"

bool default_port_find(uint16_t *port, char *problem) {
  return default_port_read(DEFAULT_PORT_VARIABLE, getenv(DEFAULT_PORT_VARIABLE), 1, port, problem);
}
