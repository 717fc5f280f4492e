/* Facts of this machine from Linux's /proc and system calls. Reads them anew each time: settings change. */
#include "common/machine/machine.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/machine/proc_file_linux.h"

#define SETTINGS  "/proc/sys/net/ipv4/"
#define LINE_SIZE 256

static bool read_line(const char *file_name, char line[LINE_SIZE]) {
  return proc_file_first_line(file_name, line, LINE_SIZE);
}

/* TIME_WAIT's length is fixed (TCP_TIMEWAIT_LEN). tcp_tw_reuse 2, the default, lends ports of loopback again after
 * tcp_tw_reuse_delay milliseconds, which were a second before that setting existed (ip-sysctl.rst). */
static uint32_t port_rest_ms(void) {
  char line[LINE_SIZE];
  unsigned reuse, delay_ms;
  if (!read_line(SETTINGS "tcp_tw_reuse", line) || sscanf(line, "%u", &reuse) != 1) return 0;
  if (reuse == 0) return 60000;
  bool has_delay = read_line(SETTINGS "tcp_tw_reuse_delay", line) && sscanf(line, "%u", &delay_ms) == 1;
  return has_delay ? delay_ms : 1000;
}

void machine_port_settings(struct machine_ports *ports) {
  char line[LINE_SIZE];
  memset(ports, 0, sizeof *ports);
  if (!read_line(SETTINGS "ip_local_port_range", line) ||
      sscanf(line, "%hu %hu", &ports->ephemeral_first, &ports->ephemeral_last) != 2)
    return;
  if (!read_line(SETTINGS "ip_unprivileged_port_start", line) || sscanf(line, "%u", &ports->unprivileged_first) != 1)
    ports->unprivileged_first = 1024; /* before Linux 4.11 this was no setting */
  ports->rest_ms = port_rest_ms();
  ports->known = true;
}

enum machine_answer machine_ipv6_off(void) {
  char line[LINE_SIZE];
  unsigned is_off;
  if (read_line("/proc/sys/net/ipv6/conf/lo/disable_ipv6", line) && sscanf(line, "%u", &is_off) == 1)
    return is_off != 0 ? MACHINE_YES : MACHINE_NO;
  /* The kernel has no IPv6 (ipv6.disable=1), or /proc is not there at all. */
  if (access("/proc/net/tcp", F_OK) != 0) return MACHINE_UNKNOWN;
  return access("/proc/net/if_inet6", F_OK) == 0 ? MACHINE_UNKNOWN : MACHINE_YES;
}

static bool note_confinement(void *owner, const char *line) {
  unsigned *confinement = owner;
  sscanf(line, "NoNewPrivs: %u", &confinement[0]);
  sscanf(line, "Seccomp: %u", &confinement[1]);
  return true;
}

/* Seccomp says so itself. Landlock does not, but an ordinary process that uses it must first set no_new_privs
 * (landlock_restrict_self(2)). */
enum machine_answer machine_is_confined(void) {
  unsigned confinement[2] = {0, 0};
  if (proc_file_each_line("/proc/self/status", note_confinement, confinement) != 0) return MACHINE_UNKNOWN;
  return confinement[0] != 0 || confinement[1] != 0 ? MACHINE_YES : MACHINE_NO;
}

uint16_t machine_current_cpu(void) {
  int cpu = sched_getcpu();
  return cpu < 0 || cpu >= MACHINE_CPU_UNKNOWN ? MACHINE_CPU_UNKNOWN : (uint16_t)cpu;
}
