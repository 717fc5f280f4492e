/* Which firewall tool a Linux machine has: by the files that the tools leave. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/check/firewall/firewall_tool.h"

#define LINE_BYTES     256
#define CAP_NET_ADMIN  12 /* capability.h; the header of the kernel needs no library, but brings its own types */
#define TOOLS_PER_KIND 2  /* IPv4 and IPv6 */

/* Does the file have a line that begins so? */
static bool file_has(const char *file_name, const char *beginning) {
  char line[LINE_BYTES];
  bool has = false;
  FILE *file = fopen(file_name, "re");
  if (file == NULL) return false;
  while (!has && fgets(line, sizeof line, file) != NULL)
    has = strncmp(line, beginning, strlen(beginning)) == 0;
  fclose(file);
  return has;
}

static bool is_there(const char *const *paths) {
  for (size_t i = 0; paths[i] != NULL; i++)
    if (access(paths[i], F_OK) == 0) return true;
  return false;
}

static bool has_ufw(bool is_ipv6) {
  (void)is_ipv6;
  return file_has("/etc/ufw/ufw.conf", "ENABLED=yes");
}

static bool has_firewalld(bool is_ipv6) {
  (void)is_ipv6;
  return access("/run/firewalld", F_OK) == 0 || access("/run/firewalld.pid", F_OK) == 0;
}

/* The tables of the old kernel interface exist only once somebody has used it. Only root may read the file. */
static bool has_legacy_tables(bool is_ipv6) {
  return file_has(is_ipv6 ? "/proc/net/ip6_tables_names" : "/proc/net/ip_tables_names", "");
}

static bool has_nft(bool is_ipv6) {
  static const char *const paths[] = {"/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft", NULL};
  (void)is_ipv6;
  return is_there(paths);
}

static bool has_iptables(bool is_ipv6) {
  static const char *const paths[] = {"/usr/sbin/iptables", "/sbin/iptables", "/usr/bin/iptables", NULL};
  (void)is_ipv6;
  return is_there(paths);
}

static bool is_always(bool is_ipv6) {
  (void)is_ipv6;
  return true;
}

const struct firewall_tool *firewall_tool_find(bool is_ipv6) {
  static const struct {
    bool (*is_used)(bool is_ipv6);
    struct firewall_tool tools[TOOLS_PER_KIND];
  } rows[] = {
      {has_ufw,
       {{"ufw", "ufw status numbered", "ufw delete NUMBER", "ufw allow PORT/TRANSPORT"},
        {"ufw", "ufw status numbered", "ufw delete NUMBER", "ufw allow PORT/TRANSPORT"}}},
      {has_firewalld,
       {{"firewalld", "firewall-cmd --list-all-zones", "", "firewall-cmd --zone=trusted --add-interface=lo"},
        {"firewalld", "firewall-cmd --list-all-zones", "", "firewall-cmd --zone=trusted --add-interface=lo"}}},
      {has_legacy_tables,
       {{"iptables-legacy", "iptables-legacy-save -c", "iptables-legacy -D CHAIN NUMBER",
         "iptables-legacy -I INPUT -i lo -p TRANSPORT --dport PORT -j ACCEPT"},
        {"ip6tables-legacy", "ip6tables-legacy-save -c", "ip6tables-legacy -D CHAIN NUMBER",
         "ip6tables-legacy -I INPUT -i lo -p TRANSPORT --dport PORT -j ACCEPT"}}},
      {has_nft,
       {{"nft", "nft -a list ruleset", "nft delete rule FAMILY TABLE CHAIN handle NUMBER", ""},
        {"nft", "nft -a list ruleset", "nft delete rule FAMILY TABLE CHAIN handle NUMBER", ""}}},
      {has_iptables,
       {{"iptables", "iptables-save -c", "iptables -D CHAIN NUMBER",
         "iptables -I INPUT -i lo -p TRANSPORT --dport PORT -j ACCEPT"},
        {"ip6tables", "ip6tables-save -c", "ip6tables -D CHAIN NUMBER",
         "ip6tables -I INPUT -i lo -p TRANSPORT --dport PORT -j ACCEPT"}}},
      {is_always, {{"", "", "", ""}, {"", "", "", ""}}},
  };
  size_t i = 0;
  while (!rows[i].is_used(is_ipv6))
    i++; /* the last row is always there */
  return &rows[i].tools[is_ipv6 ? 1 : 0];
}

bool firewall_tool_shows_rules(void) {
  char line[LINE_BYTES];
  unsigned long long effective = 0;
  FILE *status = fopen("/proc/self/status", "re");
  if (status == NULL) return false;
  while (fgets(line, sizeof line, status) != NULL)
    if (sscanf(line, "CapEff: %llx", &effective) == 1) break;
  fclose(status);
  return (effective >> CAP_NET_ADMIN & 1) != 0;
}
