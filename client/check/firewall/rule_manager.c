/* See rule_manager.h. The names are those that each program's own source gives its chains. */
#include "client/check/firewall/rule_manager.h"

#include <string.h>

static bool begins(const char *text, const char *beginning) {
  return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool is_any_of(const char *text, const char *const *words) {
  for (size_t i = 0; words[i] != NULL; i++)
    if (strcmp(words[i], text) == 0) return true;
  return false;
}

static bool is_iptables_table(const char *family, const char *table) {
  static const char *const tables[] = {"filter", "nat", "mangle", "raw", "security", NULL};
  return (strcmp(family, "ip") == 0 || strcmp(family, "ip6") == 0) && is_any_of(table, tables);
}

bool rule_manager_is_iptables_table(const struct traced_rule *rule) {
  static const char *const chains[] = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING", NULL};
  return is_iptables_table(rule->family, rule->table) && is_any_of(rule->base_chain, chains);
}

enum rule_manager rule_manager_of_chain(const char *family, const char *table, const char *chain) {
  static const struct {
    const char *table; /* the beginning of its name; NULL: any of iptables' */
    const char *chain; /* the beginning of its name */
    enum rule_manager manager;
  } rows[] = {
      {NULL, "ufw-", MANAGER_UFW},          {NULL, "ufw6-", MANAGER_UFW},
      {NULL, "DOCKER", MANAGER_DOCKER},     {"docker-bridges", "", MANAGER_DOCKER},
      {NULL, "KUBE-", MANAGER_KUBERNETES},  {"kube-proxy", "", MANAGER_KUBERNETES},
      {NULL, "f2b-", MANAGER_FAIL2BAN},     {"f2b-table", "", MANAGER_FAIL2BAN},
      {NULL, "CROWDSEC", MANAGER_CROWDSEC}, {"crowdsec", "", MANAGER_CROWDSEC},
      {NULL, "ts-", MANAGER_TAILSCALE},     {"firewalld", "", MANAGER_FIREWALLD},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    bool is_table = rows[i].table == NULL ? is_iptables_table(family, table) : begins(table, rows[i].table);
    if (is_table && begins(chain, rows[i].chain)) return rows[i].manager;
  }
  return MANAGER_NONE;
}

enum rule_manager rule_manager_of(const struct traced_rule *rule) {
  const char *chains[] = {rule->chain, rule->has_jump ? rule->jump_chain : "", rule->base_chain};
  for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
    enum rule_manager manager = rule_manager_of_chain(rule->family, rule->table, chains[i]);
    if (manager != MANAGER_NONE) return manager;
  }
  return rule_manager_is_iptables_table(rule) ? MANAGER_IPTABLES : MANAGER_NONE;
}

const char *rule_manager_name(enum rule_manager manager) {
  static const char *const names[] = {[MANAGER_NONE] = "",
                                      [MANAGER_IPTABLES] = "iptables",
                                      [MANAGER_UFW] = "ufw",
                                      [MANAGER_FIREWALLD] = "firewalld",
                                      [MANAGER_DOCKER] = "Docker",
                                      [MANAGER_KUBERNETES] = "Kubernetes",
                                      [MANAGER_FAIL2BAN] = "fail2ban",
                                      [MANAGER_CROWDSEC] = "CrowdSec",
                                      [MANAGER_TAILSCALE] = "Tailscale"};
  return names[manager];
}
