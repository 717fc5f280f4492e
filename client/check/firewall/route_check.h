/* Does this machine's routing let packets to an address? The seam. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_ROUTE_CHECK_H
#define LOPING_CLIENT_CHECK_FIREWALL_ROUTE_CHECK_H

#include "common/machine/machine.h"
#include "common/net/address.h"

/* Asks the kernel's own look-up, rules for this port and transport included; no privilege needed. */
enum machine_answer route_check_is_open(const struct endpoint *target);

#endif
