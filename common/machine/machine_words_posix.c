/* The words of macOS and the BSDs. Their manual pages: lsof(8), sockstat(1), fstat(1), pfctl(8), doas(1), getent(1),
 * dscacheutil(1). */
#include <string.h>
#include <sys/utsname.h>

#include "common/machine/machine.h"

struct system_words {
  const char *sysname; /* as uname(3) has it; NULL: any other */
  struct machine_words words;
};

/* What is listed at once, what is listed of one port, and who may see it all. */
#define WORDS(name, list, tcp, udp, admin, look_up)                                                                   \
  {                                                                                                                   \
    .system = (name), .show_listeners = (list), .show_tcp_holder = (tcp), .show_udp_holder = (udp),                   \
    .show_tcp_sockets = "netstat -an -p tcp", .show_unix_holder = "lsof -U",                                          \
    .count_connections = "netstat -an -p tcp | grep -c '[.:]PORT '", .look_up_name = (look_up),                       \
    .services_list = "/etc/services", .show_denials = "", .show_firewall = "pfctl -s rules", .become_admin = (admin), \
    .ephemeral_setting = "", .reserve_setting = "", .unprivileged_setting = "", .ipv6_setting = "",                   \
  }
#define WITH_LSOF(name, look_up)                                                                                 \
  WORDS(name, "lsof -nP -iTCP -sTCP:LISTEN", "lsof -nP -iTCP:PORT -sTCP:LISTEN", "lsof -nP -iUDP:PORT", "sudo ", \
        look_up)
#define WITH_SOCKSTAT(name, admin) \
  WORDS(name, "sockstat -l", "sockstat -l -p PORT", "sockstat -p PORT", admin, "getent hosts")

static const struct system_words systems[] = {
    {"Darwin", WITH_LSOF("macOS", "dscacheutil -q host -a name")},
    {"FreeBSD", WITH_SOCKSTAT("FreeBSD", "sudo ")},
    {"DragonFly", WITH_SOCKSTAT("DragonFly BSD", "sudo ")},
    {"NetBSD", WITH_SOCKSTAT("NetBSD", "sudo ")},
    {"OpenBSD",
     WORDS("OpenBSD", "fstat -n", "fstat -n | grep ':PORT'", "fstat -n | grep ':PORT'", "doas ", "getent hosts")},
    {"Linux", WITH_LSOF("Linux", "getent ahosts")}, /* built without what is written for it */
    {NULL, WITH_LSOF("This system", "getent hosts")},
};

const struct machine_words *machine_words(void) {
  struct utsname told = {.sysname = ""};
  const struct system_words *row = systems;
  (void)uname(&told);
  while (row->sysname != NULL && strcmp(row->sysname, told.sysname) != 0)
    row++;
  return &row->words;
}
