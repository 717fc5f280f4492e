/* The addresses of this machine's interfaces, as they are at one moment. */
#ifndef LOPING_SERVER_LISTEN_OWN_ADDRESSES_H
#define LOPING_SERVER_LISTEN_OWN_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/net/address.h"

#define OWN_ADDRESSES_MAX 64

struct own_addresses {
  size_t count;
  struct sockaddr_storage addresses[OWN_ADDRESSES_MAX];
};

/* Asks the system. None are found where it does not tell; those beyond OWN_ADDRESSES_MAX are left out. */
void own_addresses_find(struct own_addresses *own);

/* Is `address` loopback or one of these, whatever its port? */
bool own_addresses_include(const struct own_addresses *own, const struct sockaddr_storage *address);

/* Writes those that other machines can reach, separated by ", ", and returns how many there are. What does not fit is
 * left out. */
size_t own_addresses_list_remote(const struct own_addresses *own, char *out, size_t out_bytes);

#endif
