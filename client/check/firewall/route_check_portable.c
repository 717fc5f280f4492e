/* Routing where nobody wrote that system's own file yet: it does not tell. */
#include "client/check/firewall/route_check.h"

enum machine_answer route_check_is_open(const struct endpoint *target) {
  (void)target;
  return MACHINE_UNKNOWN;
}
