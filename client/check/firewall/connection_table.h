/* The kernel's table of tracked connections: the seam. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_CONNECTION_TABLE_H
#define LOPING_CLIENT_CHECK_FIREWALL_CONNECTION_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/net/address.h"

struct connection_table {
  bool is_known;
  uint64_t count; /* connections that stand in it */
  uint64_t most;  /* that may */
};

/* Reads how full it is; anybody may. */
void connection_table_read(struct connection_table *table);

/* Is there no room for one more? */
bool connection_table_is_full(const struct connection_table *table);

/* Finds where the connection from `source` to `target` really goes: the address that its replies come from. False
 * where it is not tracked, goes just there, or this process may not ask. */
bool connection_table_find_end(const struct endpoint *target, const struct sockaddr_storage *source,
                               struct sockaddr_storage *end);

#endif
