/*
 * Facts of this machine where nobody wrote that system's own file yet: what the C library tells, and "unknown" for the
 * rest. Copy it to machine_SYSTEM.c to begin one.
 */
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
