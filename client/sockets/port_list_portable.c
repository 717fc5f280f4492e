/* Where the system does not say who listens. */
#include "client/sockets/port_list.h"

#include <string.h>
#include <uv.h>

int port_list_gather(struct port_list *list) {
  *list = (struct port_list){0};
  return 0;
}
