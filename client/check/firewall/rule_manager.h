/* Who wrote a rule: the program that manages the chain or table it stands in, by the names that it gives them. Pure. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_RULE_MANAGER_H
#define LOPING_CLIENT_CHECK_FIREWALL_RULE_MANAGER_H

#include "client/check/firewall/traced_rule.h"

enum rule_manager {
  MANAGER_NONE, /* whoever uses nft */
  MANAGER_IPTABLES,
  MANAGER_UFW,
  MANAGER_FIREWALLD,
  MANAGER_DOCKER,
  MANAGER_KUBERNETES,
  MANAGER_FAIL2BAN,
  MANAGER_CROWDSEC,
  MANAGER_TAILSCALE,
};

/* By one chain of a table; either name may be "". */
enum rule_manager rule_manager_of_chain(const char *family, const char *table, const char *chain);

/* By the chain that a rule stands in, else by the one that jumps to it, else by the base chain. */
enum rule_manager rule_manager_of(const struct traced_rule *rule);

/* "ufw", "fail2ban", ...; "" for MANAGER_NONE. */
const char *rule_manager_name(enum rule_manager manager);

/* Do its rules stand in iptables' tables, so that iptables can put one before them? */
bool rule_manager_is_iptables_table(const struct traced_rule *rule);

#endif
