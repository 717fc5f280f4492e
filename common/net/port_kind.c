/* Kinds of ports: IANA's ranges, and what this machine does with a number. Pure: the machine's settings come in. */
#include "common/net/port_kind.h"

#include <stdlib.h>

static const struct {
  const char *name;
  const char *limits;
  uint16_t last;
} ranges[] = {
    [PORT_IANA_SYSTEM] = {"system", "0-1023", 1023},
    [PORT_IANA_USER] = {"user", "1024-49151", 49151},
    [PORT_IANA_DYNAMIC] = {"dynamic", "49152-65535", 65535},
};

enum port_iana_range port_kind_iana(uint16_t port) {
  if (port <= ranges[PORT_IANA_SYSTEM].last) return PORT_IANA_SYSTEM;
  return port <= ranges[PORT_IANA_USER].last ? PORT_IANA_USER : PORT_IANA_DYNAMIC;
}

const char *port_kind_iana_name(enum port_iana_range range) {
  return ranges[range].name;
}

const char *port_kind_iana_limits(enum port_iana_range range) {
  return ranges[range].limits;
}

bool port_kind_is_lent(uint16_t port, const struct machine_ports *machine) {
  return machine->known && port >= machine->ephemeral_first && port <= machine->ephemeral_last;
}

bool port_kind_is_privileged(uint16_t port, const struct machine_ports *machine) {
  /* Port 0 asks for any free port, and the kernel picks an unprivileged one. */
  return machine->known && port != 0 && port < machine->unprivileged_first;
}

/* Reads a number; false if there is none. */
static bool read_number(const char **text, unsigned long *number) {
  char *end;
  if (**text < '0' || **text > '9') return false;
  *number = strtoul(*text, &end, 10);
  *text = end;
  return true;
}

bool port_kind_in_list(uint16_t port, const char *list) {
  unsigned long first, last;
  while (read_number(&list, &first)) {
    last = first;
    if (*list == '-') {
      list++;
      if (!read_number(&list, &last)) return false;
    }
    if (port >= first && port <= last) return true;
    if (*list != ',') return false;
    list++;
  }
  return false;
}
