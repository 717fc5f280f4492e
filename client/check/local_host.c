/* See local_host.h. */
#include "client/check/local_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/memory/memory.h"
#include "common/net/own_addresses.h"
#include "common/options/options.h"
#include "common/text/safe_text.h"

/* Who connects to "any address" reaches loopback. */
static void settle_any(struct sockaddr_storage *address) {
  if (!address_is_any(address)) return;
  if (address->ss_family == AF_INET6)
    (void)uv_ip6_addr("::1", 0, (struct sockaddr_in6 *)address);
  else
    (void)uv_ip4_addr(ADDRESS_DEFAULT_HOST, 0, (struct sockaddr_in *)address);
}

static bool are_all_own(const struct sockaddr_storage *addresses, size_t count) {
  struct own_addresses *own = memory_take(sizeof *own);
  if (own != NULL) own_addresses_gather(own);
  bool are_own = true;
  for (size_t i = 0; i < count; i++)
    are_own = are_own && (address_is_loopback(&addresses[i]) ||
                          (own != NULL && own->known && own_addresses_include(own, &addresses[i])));
  free(own);
  return are_own;
}

/* connect() would say EINVAL to it, and a machine's own fe80:: address is one of an interface alone. */
static bool have_zones(const char *name, const struct sockaddr_storage *addresses, size_t count, char *problem) {
  for (size_t i = 0; i < count; i++) {
    if (!address_lacks_zone(&addresses[i])) continue;
    struct own_addresses own;
    char zone[OWN_ADDRESSES_ZONE_SIZE];
    own_addresses_gather(&own);
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "%s", own_addresses_explain_zone(&own, name, &addresses[i], zone));
    return false;
  }
  return true;
}

bool local_host_find(const char *name, const char *command, struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX],
                     size_t *count, char *problem) {
  char shown[4 * ADDRESS_HOST_SIZE];
  safe_text_copy(name, strlen(name), shown, sizeof shown);
  int code = address_resolve(name, 0, addresses, count);
  if (code != 0) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "the host '%.200s' cannot be looked up: %s; give an address such as %s",
             shown, uv_strerror(code), ADDRESS_DEFAULT_HOST);
    return false;
  }
  for (size_t i = 0; i < *count; i++)
    settle_any(&addresses[i]);
  if (!have_zones(name, addresses, *count, problem)) return false;
  if (are_all_own(addresses, *count)) return true;
  snprintf(problem, OPTIONS_PROBLEM_SIZE,
           "'%.200s' is neither loopback nor an address of this machine, and %s tells causes only where it sees both "
           "ends; use 127.0.0.1, ::1 or localhost, or look at it there",
           shown, command);
  return false;
}
