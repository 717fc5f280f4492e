/*
 * The rules of iptables' old kernel interface, which no trace tells of: the seam. Each has a counter; the one that grew
 * while a probe was sent is the one that met it.
 */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_LEGACY_RULES_H
#define LOPING_CLIENT_CHECK_FIREWALL_LEGACY_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/net/address.h"

#define LEGACY_NAME_SIZE 32

enum legacy_end { LEGACY_DROPS, LEGACY_REJECTS, LEGACY_QUEUES, LEGACY_SENDS_ON };

struct legacy_rule {
  enum legacy_end end;
  bool is_policy;
  bool is_ipv6;
  char table[LEGACY_NAME_SIZE];
  char chain[LEGACY_NAME_SIZE];
  unsigned number;                   /* of a rule in its chain, from 1 */
  char base_chain[LEGACY_NAME_SIZE]; /* the built-in chain whose rules lead there: "INPUT" */
  char target[LEGACY_NAME_SIZE];     /* "DROP", "REJECT", "DNAT", ... */
  uint16_t to_port;                  /* of LEGACY_SENDS_ON; 0 where it stays, or is not known */
};

/* The counters of all rules at one moment. */
struct legacy_counters;

/* Reads them; only tables that are in use are looked at, so that none comes into being. NULL where there are none, or
 * this process may not see them. The caller frees it with legacy_counters_free(). */
struct legacy_counters *legacy_counters_read(bool is_ipv6);

/* Finds the first rule that ends a packet's way, can meet one of this transport and port, and whose counter grew. */
bool legacy_counters_find(const struct legacy_counters *before, const struct legacy_counters *after,
                          enum transport transport, uint16_t port, struct legacy_rule *rule);

void legacy_counters_free(struct legacy_counters *counters);

#endif
