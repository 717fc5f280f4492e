/* The firewall where nobody wrote that system's own file yet: the words of its tool, and no look at its rules. */
#include "client/check/firewall/firewall_tool.h"

#include "common/machine/machine.h"

const char *firewall_tool_show(bool is_ipv6) {
  (void)is_ipv6;
  return machine_words()->show_firewall;
}

bool firewall_tool_shows_rules(void) {
  return false;
}

const char *firewall_tool_iptables(bool is_ipv6) {
  return is_ipv6 ? "ip6tables" : "iptables";
}

int64_t firewall_tool_group_id(void) {
  return -1;
}
