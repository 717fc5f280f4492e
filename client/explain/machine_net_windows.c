/* What Windows has written down about ports: its list of services, by Winsock's own look-up. */
#include "client/explain/machine_net.h"

#include <stdio.h>

enum machine_answer machine_service_name(uint16_t port, enum transport transport, char *name) {
  const struct servent *found = getservbyport(htons(port), transport_name(transport));
  name[0] = '\0';
  if (found == NULL) return WSAGetLastError() == WSANO_DATA ? MACHINE_NO : MACHINE_UNKNOWN;
  snprintf(name, MACHINE_SERVICE_NAME_SIZE, "%s", found->s_name);
  return MACHINE_YES;
}

/* netsh shows them; there is no call that does. */
enum machine_answer machine_reserved_ports(char *list, size_t list_bytes) {
  if (list_bytes > 0) list[0] = '\0';
  return MACHINE_UNKNOWN;
}

uint32_t machine_queue_limit(void) {
  return 0;
}
