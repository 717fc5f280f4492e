/* The firewall's words where nobody wrote that system's own file yet: by the system that it is compiled for. */
#include "client/check/firewall/firewall_tool.h"

const struct firewall_tool *firewall_tool_find(bool is_ipv6) {
#if defined(_WIN32)
  static const struct firewall_tool tool = {
      "Windows Defender Firewall", "netsh advfirewall firewall show rule name=all",
      "netsh advfirewall firewall add rule name=\"port PORT\" dir=in action=allow protocol=TRANSPORT localport=PORT"};
#elif defined(__APPLE__)
  static const struct firewall_tool tool = {"pf", "pfctl -sr",
                                            "add 'set skip on lo0' to /etc/pf.conf, then pfctl -f /etc/pf.conf"};
#else
  static const struct firewall_tool tool = {"", "", ""};
#endif
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
