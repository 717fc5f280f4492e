/* Asks libuv for this machine's addresses. Judges none of them. */
#include "common/net/own_addresses.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "common/text/safe_text.h"

void own_addresses_gather(struct own_addresses *own) {
  uv_interface_address_t *found = NULL;
  int count = 0;
  memset(own, 0, sizeof *own);
  if (lack_note(uv_interface_addresses(&found, &count)) != 0) return;
  own->known = true;
  for (int i = 0; i < count; i++) {
    if (own->count == OWN_ADDRESSES_MAX) {
      own->left_out++;
      continue;
    }
    struct own_address *row = &own->rows[own->count++];
    safe_text_copy(found[i].name, strlen(found[i].name), row->interface_name, sizeof row->interface_name);
    row->is_internal = found[i].is_internal != 0;
    if (found[i].address.address4.sin_family == AF_INET)
      memcpy(&row->address, &found[i].address.address4, sizeof found[i].address.address4);
    else
      memcpy(&row->address, &found[i].address.address6, sizeof found[i].address.address6);
  }
  uv_free_interface_addresses(found, count);
}

const struct own_address *own_addresses_find(const struct own_addresses *own, const struct sockaddr_storage *address) {
  for (size_t i = 0; i < own->count; i++)
    if (address_same_host(&own->rows[i].address, address)) return &own->rows[i];
  return NULL;
}

bool own_addresses_include(const struct own_addresses *own, const struct sockaddr_storage *address) {
  return address_is_loopback(address) || own_addresses_find(own, address) != NULL;
}

size_t own_addresses_list(const struct own_addresses *own, char *out, size_t out_bytes) {
  size_t listed = 0, used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < own->count; i++) {
    char host[ADDRESS_TEXT_SIZE];
    const struct own_address *row = &own->rows[i];
    if (address_is_loopback(&row->address)) continue;
    listed++;
    int length = snprintf(out + used, out_bytes - used, "%s%s (%s)", listed > 1 ? ", " : "",
                          address_format_host(&row->address, host), row->interface_name);
    /* What does not fit is cut before the address. */
    if (length < 0 || (size_t)length >= out_bytes - used)
      out[used] = '\0';
    else
      used += (size_t)length;
  }
  return listed;
}

/* "lo, eth0", each once. */
static void list_interfaces(const struct own_addresses *own, char *out, size_t out_bytes) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < own->count; i++) {
    const char *name = own->rows[i].interface_name;
    bool is_listed = false;
    for (size_t j = 0; j < i && !is_listed; j++)
      is_listed = strcmp(own->rows[j].interface_name, name) == 0;
    if (is_listed || used + strlen(name) + 3 > out_bytes) continue;
    used += (size_t)snprintf(out + used, out_bytes - used, "%s%s", used > 0 ? ", " : "", name);
  }
}

/* An interface to show it by: the one that has the very address, or the first that is not loopback. */
static const char *example_of(const struct own_addresses *own, const struct sockaddr_storage *address) {
  const struct own_address *found = own_addresses_find(own, address);
  if (found != NULL) return found->interface_name;
  for (size_t i = 0; i < own->count; i++)
    if (!own->rows[i].is_internal) return own->rows[i].interface_name;
  return own->count > 0 ? own->rows[0].interface_name : "eth0";
}

const char *own_addresses_explain_zone(const struct own_addresses *own, const char *typed,
                                       const struct sockaddr_storage *address, char out[OWN_ADDRESSES_ZONE_SIZE]) {
  char host[ADDRESS_TEXT_SIZE], names[256], zone[128];
  const char *mark = strchr(typed, '%');
  address_format_host(address, host);
  list_interfaces(own, names, sizeof names);
  if (mark != NULL) safe_text_copy(mark + 1, strlen(mark + 1), zone, sizeof zone);
  if (mark != NULL)
    snprintf(out, OWN_ADDRESSES_ZONE_SIZE,
             "%.64s is a link-local address, and this machine has no interface '%.64s' for it; its interfaces are: %s",
             host, zone, names);
  else
    snprintf(out, OWN_ADDRESSES_ZONE_SIZE,
             "%.64s is a link-local address, which each interface can have: say on which, such as %.64s%%%s; this "
             "machine's interfaces are: %s",
             host, host, example_of(own, address), names);
  return out;
}
