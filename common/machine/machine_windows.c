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
