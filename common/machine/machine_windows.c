/* Facts of this machine on Windows. It does not tell by a call of its own which ports it lends and which it sets aside:
 * netsh shows both. */
#include "common/machine/machine.h"

#include <string.h>
#include <uv.h>

#define CPUS_OF_GROUP 64

void machine_port_settings(struct machine_ports *ports) {
  memset(ports, 0, sizeof *ports);
}

enum machine_answer machine_ipv6_off(void) {
  SOCKET made = WSASocketW(AF_INET6, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_NO_HANDLE_INHERIT);
  if (made == INVALID_SOCKET) return WSAGetLastError() == WSAEAFNOSUPPORT ? MACHINE_YES : MACHINE_UNKNOWN;
  closesocket(made);
  return MACHINE_UNKNOWN;
}

enum machine_answer machine_is_confined(void) {
  return MACHINE_UNKNOWN;
}

uint16_t machine_current_cpu(void) {
  PROCESSOR_NUMBER number;
  GetCurrentProcessorNumberEx(&number);
  return (uint16_t)(number.Group * CPUS_OF_GROUP + number.Number);
}

/* As many as memory has room for. */
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
}

void machine_block_signals(void) {
}

/* The number that libuv gives as the owner of each file: Windows' users have none. */
int64_t machine_user_id(void) {
  return 0;
}

const struct machine_words *machine_words(void) {
  static const struct machine_words words = {
      .show_tcp_holder = "netstat -ano | findstr :PORT",
      .show_udp_holder = "netstat -ano -p UDP | findstr :PORT",
      .show_tcp_sockets = "netstat -ano | findstr :PORT",
      .show_unix_holder = "",
      .show_firewall = "netsh wfp show filters",
      .become_admin = "",
      .ephemeral_setting = "netsh interface ipv4 show dynamicport tcp",
      .reserve_setting = "",
      .unprivileged_setting = "",
      .ipv6_setting = "",
  };
  return &words;
}
