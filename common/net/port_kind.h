/* What kind of port a number is: by IANA's ranges (RFC 6335 section 6), and by this machine's own settings. Pure. */
#ifndef LOPING_COMMON_NET_PORT_KIND_H
#define LOPING_COMMON_NET_PORT_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "common/machine/machine.h"

enum port_iana_range {
  PORT_IANA_SYSTEM,  /* 0 to 1023, "well-known" */
  PORT_IANA_USER,    /* 1024 to 49151, "registered" */
  PORT_IANA_DYNAMIC, /* 49152 to 65535, "dynamic", "private" or "ephemeral" */
};

enum port_iana_range port_kind_iana(uint16_t port);

/* "system", "user" or "dynamic", and the range's limits: "49152-65535". */
const char *port_kind_iana_name(enum port_iana_range range);
const char *port_kind_iana_limits(enum port_iana_range range);

/* Does this machine lend `port` to outgoing connections? False where its settings are unknown. */
bool port_kind_is_lent(uint16_t port, const struct machine_ports *machine);

/* Does binding `port` need a privilege on this machine? */
bool port_kind_is_privileged(uint16_t port, const struct machine_ports *machine);

/* Is `port` in a list such as "8080,9148-9150"? What cannot be read ends the list. */
bool port_kind_in_list(uint16_t port, const char *list);

#endif
