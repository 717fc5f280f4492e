/*
 * Facts of this machine where nobody wrote that system's own file yet: what the C library tells, and "unknown" for the
 * rest. Copy it to machine_SYSTEM.c to begin one.
 */
#include <signal.h>
#include <string.h>

#include "common/machine/machine.h"

void machine_port_settings(struct machine_ports *ports) {
  memset(ports, 0, sizeof *ports);
}

enum machine_answer machine_ipv6_off(void) {
  return MACHINE_UNKNOWN;
}

enum machine_answer machine_is_confined(void) {
  return MACHINE_UNKNOWN;
}

uint16_t machine_current_cpu(void) {
  return MACHINE_CPU_UNKNOWN;
}

uint64_t machine_descriptor_limit(void) {
  return 0;
}

void machine_raise_descriptor_limit(void) {
}

unsigned machine_free_descriptors(unsigned most) {
  return most;
}

bool machine_has_descriptors(unsigned count) {
  (void)count;
  return true;
}

bool machine_ignores_hang_up(void) {
  return false;
}

bool machine_output_is_unread(int descriptor) {
  (void)descriptor;
  return false;
}

void machine_ignore_broken_pipe(void) {
#ifdef SIGPIPE
  (void)signal(SIGPIPE, SIG_IGN);
#endif
}

void machine_block_signals(void) {
}

int64_t machine_user_id(void) {
  return -1;
}

const struct machine_words *machine_words(void) {
  static const struct machine_words words = {
      .show_tcp_holder = "netstat -an",
      .show_udp_holder = "netstat -an",
      .show_tcp_sockets = "netstat -an",
      .show_unix_holder = "",
      .show_firewall = "",
      .become_admin = "",
      .ephemeral_setting = "",
      .reserve_setting = "",
      .unprivileged_setting = "",
      .ipv6_setting = "",
  };
  return &words;
}
