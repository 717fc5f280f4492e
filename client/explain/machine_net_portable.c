/* What is written down about ports where nobody wrote that system's own file yet: unknown. */
#include "client/explain/machine_net.h"

enum machine_answer machine_service_name(uint16_t port, enum transport transport, char *name) {
  (void)port;
  (void)transport;
  name[0] = '\0';
  return MACHINE_UNKNOWN;
}

enum machine_answer machine_reserved_ports(char *list, size_t list_bytes) {
  if (list_bytes > 0) list[0] = '\0';
  return MACHINE_UNKNOWN;
}

uint32_t machine_queue_limit(void) {
  return 0;
}
