/* iptables' old rules where there are none. */
#include <stddef.h>

#include "client/check/firewall/legacy_rules.h"

struct legacy_counters *legacy_counters_read(bool is_ipv6) {
  (void)is_ipv6;
  return NULL;
}

bool legacy_counters_find(const struct legacy_counters *before, const struct legacy_counters *after,
                          enum transport transport, uint16_t port, struct legacy_rule *rule) {
  (void)before;
  (void)after;
  (void)transport;
  (void)port;
  (void)rule;
  return false;
}

void legacy_counters_free(struct legacy_counters *counters) {
  (void)counters;
}
