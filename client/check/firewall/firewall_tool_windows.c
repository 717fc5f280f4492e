/* What can take a packet on loopback on Windows: not its own firewall, which lets all of loopback through, but a filter
 * of another product. */
#include "client/check/firewall/firewall_tool.h"

const struct firewall_tool *firewall_tool_find(bool is_ipv6) {
  static const struct firewall_tool tool = {"Windows Defender Firewall", "netsh wfp show filters", ""};
  (void)is_ipv6;
  return &tool;
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
