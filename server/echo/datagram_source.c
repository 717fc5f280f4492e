/* Addresses that no single host has. */
#include "server/echo/datagram_source.h"

#include <stdint.h>
#include <string.h>

#define LOOPBACK_BROADCAST 0x7fffffffu
#define MULTICAST_FIRST    0xe0000000u /* and what is above it: multicast, reserved, broadcast (RFC 1112 4) */

static bool is_no_ipv4_host(const void *bytes) {
  uint32_t address;
  memcpy(&address, bytes, sizeof address);
  address = ntohl(address);
  return address == 0 || address == LOOPBACK_BROADCAST || address >= MULTICAST_FIRST;
}

bool datagram_source_is_no_host(const struct sockaddr_storage *source) {
  const struct sockaddr_in *ipv4 = (const void *)source;
  const struct in6_addr *ipv6 = &((const struct sockaddr_in6 *)(const void *)source)->sin6_addr;
  if (source->ss_family == AF_INET) return is_no_ipv4_host(&ipv4->sin_addr);
  if (IN6_IS_ADDR_V4MAPPED(ipv6)) return is_no_ipv4_host(&ipv6->s6_addr[12]);
  return IN6_IS_ADDR_UNSPECIFIED(ipv6) || IN6_IS_ADDR_MULTICAST(ipv6);
}
