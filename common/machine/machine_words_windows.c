/* The words of Windows' own tools: netstat and netsh. */
#include "common/machine/machine.h"

const struct machine_words *machine_words(void) {
  static const struct machine_words words = {
      .system = "Windows",
      .show_listeners = "netstat -ano",
      .show_tcp_holder = "netstat -ano | findstr :PORT",
      .show_udp_holder = "netstat -ano -p UDP | findstr :PORT",
      .show_tcp_sockets = "netstat -ano | findstr :PORT",
      .show_unix_holder = "",
      .count_connections = "netstat -ano | find /c \":PORT \"",
      .look_up_name = "nslookup",
      .services_list = "C:\\Windows\\System32\\drivers\\etc\\services",
      .show_denials = "",
      .show_firewall = "netsh wfp show filters",
      .become_admin = "",
      .ephemeral_setting = "netsh interface ipv4 show dynamicport tcp",
      .reserve_setting = "",
      .unprivileged_setting = "",
      .ipv6_setting = "",
  };
  return &words;
}
