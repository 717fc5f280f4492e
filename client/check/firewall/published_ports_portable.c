/* Where nobody wrote that system's own file yet: nothing is known. */
#include "client/check/firewall/published_ports.h"

#include <stdlib.h>

#include "common/memory/memory.h"

struct published_ports *published_ports_read(void) {
  return memory_take_zeroed(1, sizeof(struct published_ports));
}
