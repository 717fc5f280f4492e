/* One table of iptables' old interface, as the kernel hands it out (linux/netfilter_ipv4/ip_tables.h, and ip6_tables.h,
 * whose entries differ only in their first part). Internal to the legacy_rules seam. Pure: the bytes may be anything.
 */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_LEGACY_TABLE_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_LEGACY_TABLE_LINUX_H

#include <stddef.h>

#include "client/check/firewall/legacy_rules.h"

#define LEGACY_HOOKS 5

struct legacy_table {
  char name[LEGACY_NAME_SIZE];
  bool is_ipv6;
  unsigned hooks;                       /* bits: which of these two hold */
  unsigned entry_offsets[LEGACY_HOOKS]; /* where each built-in chain begins */
  unsigned policy_offsets[LEGACY_HOOKS];
  size_t length;
  unsigned char *bytes; /* aligned as malloc() does */
};

/* See legacy_counters_find(); of one table at two moments. */
bool legacy_table_find(const struct legacy_table *before, const struct legacy_table *after, enum transport transport,
                       uint16_t port, struct legacy_rule *rule);

#endif
