/*
 * What this machine has written down about ports. The seam: machine_net_linux.c, machine_net_portable.c. What a system
 * does not tell is said to be unknown.
 */
#ifndef LOPING_CLIENT_EXPLAIN_MACHINE_NET_H
#define LOPING_CLIENT_EXPLAIN_MACHINE_NET_H

#include <stddef.h>
#include <stdint.h>

#include "common/machine/machine.h"
#include "common/net/address.h"

#define MACHINE_SERVICE_NAME_SIZE 64

/* The name that the system's list of services gives to a port (services(5)): MACHINE_YES and the name, MACHINE_NO when
 * the list has none for it, MACHINE_UNKNOWN when there is no list. `name` holds MACHINE_SERVICE_NAME_SIZE bytes. */
enum machine_answer machine_service_name(uint16_t port, enum transport transport, char *name);

/* The ports that the kernel lends to nobody though they lie in the lent range, as the setting writes them:
 * "8080,9148-9150", "" for none (Linux: ip_local_reserved_ports). MACHINE_UNKNOWN where there is no such setting;
 * what does not fit is cut at a comma. */
enum machine_answer machine_reserved_ports(char *list, size_t list_bytes);

/* The most connections that any socket of this machine may let wait to be accepted (Linux: net.core.somaxconn); 0:
 * unknown. */
uint32_t machine_queue_limit(void);

#endif
