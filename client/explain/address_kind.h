/* What kind of address a number is, by the ranges that are set aside for a purpose (RFC 6890). Pure. */
#ifndef LOPING_CLIENT_EXPLAIN_ADDRESS_KIND_H
#define LOPING_CLIENT_EXPLAIN_ADDRESS_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "common/net/address.h"

struct address_kind {
  const char *network; /* "127.0.0.0/8" */
  const char *name;    /* "loopback" */
  const char *meaning; /* whole sentences */
  const char *source;  /* "RFC 1122" */
};

/* A network such as 127.0.0.0/8. */
struct address_network {
  struct sockaddr_storage address; /* its first */
  unsigned prefix_bits;
};

/* The narrowest range that holds the address; the last resort is the internet at large. Never NULL for IPv4 and IPv6
 * addresses. */
const struct address_kind *address_kind_of(const struct sockaddr_storage *address);

/* Reads "127.0.0.0/8" or "fe80::/10". False for what is none. */
bool address_network_parse(const char *text, struct address_network *network);

/* Is the address in the network? */
bool address_network_holds(const struct address_network *network, const struct sockaddr_storage *address);

/* The last address of the network, without a port. */
void address_network_last(const struct address_network *network, struct sockaddr_storage *last);

#endif
