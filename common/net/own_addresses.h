/* The addresses of this machine's interfaces, as far as others could send to them. */
#ifndef LOPING_COMMON_NET_OWN_ADDRESSES_H
#define LOPING_COMMON_NET_OWN_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/net/address.h"

#define OWN_ADDRESSES_MAX       64
#define OWN_ADDRESSES_ZONE_SIZE 640

struct own_address {
  char interface_name[64]; /* its name, such as "eth0"; escaped */
  struct sockaddr_storage address;
  bool is_internal; /* loopback */
};

struct own_addresses {
  bool known;
  size_t count;
  size_t left_out;
  struct own_address rows[OWN_ADDRESSES_MAX];
};

/* Asks the system (uv_interface_addresses: interfaces that are up). */
void own_addresses_gather(struct own_addresses *own);

/* The interface that has this address, or NULL. */
const struct own_address *own_addresses_find(const struct own_addresses *own, const struct sockaddr_storage *address);

/* Is `address` loopback or one of these, whatever its port? */
bool own_addresses_include(const struct own_addresses *own, const struct sockaddr_storage *address);

/* "10.0.0.5 (eth0), fe80::1 (eth0)": those that are not loopback addresses. "" when there are none. Writes into `out`,
 * returns how many there are. */
size_t own_addresses_list(const struct own_addresses *own, char *out, size_t out_bytes);

/* Of an address that address_lacks_zone(), typed so: a sentence without its full stop on what is missing, with the
 * names of this machine's interfaces. Returns `out`. */
const char *own_addresses_explain_zone(const struct own_addresses *own, const char *typed,
                                       const struct sockaddr_storage *address, char out[OWN_ADDRESSES_ZONE_SIZE]);

#endif
