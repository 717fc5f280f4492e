/* Words where nobody wrote that system's own file yet: the one tool that most systems have. */
#include "common/machine/machine.h"

const struct machine_words *machine_words(void) {
  static const struct machine_words words = {
      .system = "This system",
      .show_tcp_holder = "netstat -an",
      .show_udp_holder = "netstat -an",
      .show_tcp_sockets = "netstat -an",
      .show_listeners = "netstat -an",
      .show_unix_holder = "",
      .count_connections = "",
      .look_up_name = "nslookup",
      .services_list = "/etc/services",
      .show_denials = "",
      .show_firewall = "",
      .become_admin = "",
      .ephemeral_setting = "",
      .reserve_setting = "",
      .unprivileged_setting = "",
      .ipv6_setting = "",
  };
  return &words;
}
