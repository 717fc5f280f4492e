/* Facts of this machine from Linux's /proc and system calls. Reads them anew each time: settings change. */
#include "common/machine/machine.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
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

uint64_t machine_descriptor_limit(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

void machine_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  /* A refusal leaves the limit as it was, and machine_descriptor_limit() tells it. */
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

unsigned machine_free_descriptors(unsigned most) {
  int made[DESCRIPTORS_TRIED_MAX];
  unsigned used = 0;
  if (most > DESCRIPTORS_TRIED_MAX) most = DESCRIPTORS_TRIED_MAX;
  while (used < most && (made[used] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
    used++;
  for (unsigned i = 0; i < used; i++)
    close(made[i]);
  return used;
}

bool machine_has_descriptors(unsigned count) {
  return machine_free_descriptors(count) == count;
}

bool machine_ignores_hang_up(void) {
  struct sigaction action;
  return sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

bool machine_output_is_unread(int descriptor) {
  struct pollfd output = {.fd = descriptor};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

void machine_ignore_broken_pipe(void) {
  (void)signal(SIGPIPE, SIG_IGN);
}

void machine_block_signals(void) {
  sigset_t all;
  sigfillset(&all);
  (void)pthread_sigmask(SIG_BLOCK, &all, NULL);
}

int64_t machine_user_id(void) {
  return (int64_t)geteuid();
}

const struct machine_words *machine_words(void) {
  static const struct machine_words words = {
      .show_tcp_holder = "ss -ltnp 'sport = :PORT'   or   lsof -nP -iTCP:PORT -sTCP:LISTEN",
      .show_udp_holder = "ss -aunp 'sport = :PORT'   or   lsof -nP -iUDP:PORT",
      .show_tcp_sockets = "ss -tanp 'sport = :PORT'",
      .show_unix_holder = "ss -lxp src PATH   or   lsof -U",
      .show_firewall = "nft list ruleset",
      .become_admin = "sudo ",
      .ephemeral_setting = "net.ipv4.ip_local_port_range",
      .reserve_setting = "net.ipv4.ip_local_reserved_ports",
      .unprivileged_setting = "net.ipv4.ip_unprivileged_port_start",
      .ipv6_setting = "net.ipv6.conf.lo.disable_ipv6",
  };
  return &words;
}
