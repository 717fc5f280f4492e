/* See localhost.h. */
#include "common/net/localhost.h"

#include "common/net/address.h"

enum localhost_order localhost_find_order(void) {
  struct sockaddr_storage found[ADDRESS_RESOLVED_MAX];
  size_t count = 0;
  if (address_resolve("localhost", 0, found, &count) != 0 || count == 0) return LOCALHOST_UNKNOWN;
  bool is_ipv6_first = found[0].ss_family == AF_INET6;
  for (size_t i = 1; i < count; i++)
    if (found[i].ss_family != found[0].ss_family) return is_ipv6_first ? LOCALHOST_IPV6_FIRST : LOCALHOST_IPV4_FIRST;
  return is_ipv6_first ? LOCALHOST_IPV6_ALONE : LOCALHOST_IPV4_ALONE;
}
