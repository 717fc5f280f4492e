/* Linux's network counters: /proc/net/snmp, snmp6 and netstat, proc_net(5). */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "client/sockets/net_counters.h"
#include "common/machine/proc_file_linux.h"
#include "common/memory/lack.h"

/* netstat, the longest, has about 4 KiB of names and, with 20 digits for each, 5 KiB of values. */
#define TEXT_BYTES 16384

static bool add_file(const char *file_name, struct net_counters *counters) {
  char text[TEXT_BYTES];
  size_t used = 0;
  ssize_t length;
  int file = proc_file_descriptor(AT_FDCWD, file_name, 0);
  if (file < 0) return false;
  while (used + 1 < sizeof text && (length = read(file, text + used, sizeof text - 1 - used)) > 0)
    used += (size_t)length;
  if (used + 1 < sizeof text && length < 0) lack_note_errno();
  close(file);
  text[used] = '\0';
  net_counters_add_text(text, counters);
  return used > 0;
}

void net_counters_read(struct net_counters *counters) {
  memset(counters, 0, sizeof *counters);
  bool has_snmp = add_file("/proc/net/snmp", counters);
  counters->known = add_file("/proc/net/netstat", counters) && has_snmp;
  /* Without IPv6 there is no such file. */
  (void)add_file("/proc/net/snmp6", counters);
}
