/* The words of Linux's own tools and settings. */
#include "common/machine/machine.h"

const struct machine_words *machine_words(void) {
  static const struct machine_words words = {
      .system = "Linux",
      .show_tcp_holder = "ss -ltnp 'sport = :PORT'   or   lsof -nP -iTCP:PORT -sTCP:LISTEN",
      .show_udp_holder = "ss -aunp 'sport = :PORT'   or   lsof -nP -iUDP:PORT",
      .show_tcp_sockets = "ss -tanp 'sport = :PORT'",
      .show_listeners = "ss -ltunp",
      .show_unix_holder = "ss -lxp src PATH   or   lsof -U",
      .count_connections = "ss -tan 'dport = :PORT' | wc -l",
      .look_up_name = "getent ahosts",
      .services_list = "/etc/services",
      .show_denials = "journalctl -b -g denied",
      .show_firewall = "nft list ruleset",
      .become_admin = "sudo ",
      .ephemeral_setting = "net.ipv4.ip_local_port_range",
      .reserve_setting = "net.ipv4.ip_local_reserved_ports",
      .unprivileged_setting = "net.ipv4.ip_unprivileged_port_start",
      .ipv6_setting = "net.ipv6.conf.lo.disable_ipv6",
  };
  return &words;
}
