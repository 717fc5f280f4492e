/* What addresses this machine has: for the loop guard of UDP and for the sentences about --bind. Opens no socket. */
#include "server/listen/own_addresses.h"

#include <stdio.h>
#include <string.h>

void own_addresses_find(struct own_addresses *own) {
  uv_interface_address_t *interfaces;
  int count;
  memset(own, 0, sizeof *own);
  if (uv_interface_addresses(&interfaces, &count) != 0) return;
  for (int i = 0; i < count && own->count < OWN_ADDRESSES_MAX; i++) {
    struct sockaddr_storage *address = &own->addresses[own->count];
    if (interfaces[i].address.address4.sin_family == AF_INET)
      memcpy(address, &interfaces[i].address.address4, sizeof interfaces[i].address.address4);
    else if (interfaces[i].address.address6.sin6_family == AF_INET6)
      memcpy(address, &interfaces[i].address.address6, sizeof interfaces[i].address.address6);
    else
      continue;
    own->count++;
  }
  uv_free_interface_addresses(interfaces, count);
}

bool own_addresses_include(const struct own_addresses *own, const struct sockaddr_storage *address) {
  if (address_is_loopback(address)) return true;
  for (size_t i = 0; i < own->count; i++)
    if (address_same_host(&own->addresses[i], address)) return true;
  return false;
}

size_t own_addresses_list_remote(const struct own_addresses *own, char *out, size_t out_bytes) {
  char host[ADDRESS_TEXT_SIZE];
  size_t used = 0, found = 0;
  out[0] = '\0';
  for (size_t i = 0; i < own->count; i++) {
    if (address_is_loopback(&own->addresses[i])) continue;
    found++;
    address_format_host(&own->addresses[i], host);
    if (used + strlen(host) + 3 > out_bytes) continue;
    used += (size_t)snprintf(out + used, out_bytes - used, "%s%s", used > 0 ? ", " : "", host);
  }
  return found;
}
