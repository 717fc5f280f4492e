/* The words of macOS and the BSDs. Their manual pages: lsof(8), sockstat(1), fstat(1), pfctl(8), doas(1). */
#include <string.h>
#include <sys/utsname.h>

#include "common/machine/machine.h"

struct system_words {
  const char *sysname; /* as uname(3) has it; NULL: any other */
  struct machine_words words;
};

/* What is listed at once, what is listed of one port, and who may see it all. */
#define WORDS(name, list, tcp, udp, admin)                                                                      \
  {                                                                                                             \
    .system = (name), .show_listeners = (list), .show_tcp_holder = (tcp), .show_udp_holder = (udp),             \
    .show_tcp_sockets = "netstat -an -p tcp", .show_unix_holder = "lsof -U", .show_firewall = "pfctl -s rules", \
    .become_admin = (admin), .ephemeral_setting = "", .reserve_setting = "", .unprivileged_setting = "",        \
    .ipv6_setting = "",                                                                                         \
  }
#define WITH_LSOF(name) \
  WORDS(name, "lsof -nP -iTCP -sTCP:LISTEN", "lsof -nP -iTCP:PORT -sTCP:LISTEN", "lsof -nP -iUDP:PORT", "sudo ")
#define WITH_SOCKSTAT(name, admin) WORDS(name, "sockstat -l", "sockstat -l -p PORT", "sockstat -p PORT", admin)

static const struct system_words systems[] = {
    {"Darwin", WITH_LSOF("macOS")},
    {"FreeBSD", WITH_SOCKSTAT("FreeBSD", "sudo ")},
    {"DragonFly", WITH_SOCKSTAT("DragonFly BSD", "sudo ")},
    {"NetBSD", WITH_SOCKSTAT("NetBSD", "sudo ")},
    {"OpenBSD", WORDS("OpenBSD", "fstat -n", "fstat -n | grep ':PORT'", "fstat -n | grep ':PORT'", "doas ")},
    {"Linux", WITH_LSOF("Linux")}, /* built without what is written for it */
    {NULL, WITH_LSOF("This system")},
};

const struct machine_words *machine_words(void) {
  struct utsname told = {.sysname = ""};
  const struct system_words *row = systems;
  (void)uname(&told);
  while (row->sysname != NULL && strcmp(row->sysname, told.sysname) != 0)
    row++;
  return &row->words;
}
