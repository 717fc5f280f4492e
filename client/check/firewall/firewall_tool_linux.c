/* Which firewall tool a Linux machine is run with: by the chains that are loaded, else by the daemon that runs. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/check/firewall/firewall_tool.h"
#include "client/check/firewall/nft_lookup_linux.h"
#include "client/check/firewall/rule_manager.h"
#include "common/machine/proc_file_linux.h"
#include "common/memory/lack.h"

#define LINE_BYTES    256
#define CAP_NET_ADMIN 12 /* capability.h; the header of the kernel needs no library, but brings its own types */

/* Does the file have a line at all? */
static bool has_line(const char *file_name) {
  char line[LINE_BYTES];
  FILE *file = proc_file_open(file_name);
  if (file == NULL) return false;
  bool has = fgets(line, sizeof line, file) != NULL;
  fclose(file);
  return has;
}

struct loaded {
  bool has_ufw;
  bool has_firewalld;
  bool has_iptables;
  bool has_others;
};

static void on_chain(void *owner, unsigned family, const char *table, const char *chain) {
  struct loaded *loaded = owner;
  enum rule_manager manager = rule_manager_of_chain(nft_family_name(family), table, chain);
  struct traced_rule place = {.is_policy = true};
  snprintf(place.family, sizeof place.family, "%s", nft_family_name(family));
  snprintf(place.table, sizeof place.table, "%s", table);
  snprintf(place.base_chain, sizeof place.base_chain, "%s", chain);
  if (manager == MANAGER_UFW) loaded->has_ufw = true;
  if (manager == MANAGER_FIREWALLD) loaded->has_firewalld = true;
  if (rule_manager_is_iptables_table(&place))
    loaded->has_iptables = true;
  else if (manager == MANAGER_NONE)
    loaded->has_others = true;
}

/* Anybody may read a process's command line, where /proc is not mounted to hide others'. */
static bool is_firewalld(const char *process) {
  char name[LINE_BYTES], line[LINE_BYTES];
  snprintf(name, sizeof name, "/proc/%.32s/cmdline", process);
  FILE *file = proc_file_open(name);
  if (file == NULL) return false;
  size_t length = fread(line, 1, sizeof line - 1, file);
  fclose(file);
  line[length] = '\0';
  /* It is a script: the interpreter's name, its options, then the script's. */
  for (size_t at = 0; at < length; at += strlen(line + at) + 1) {
    const char *base = strrchr(line + at, '/');
    if (strcmp(base == NULL ? line + at : base + 1, "firewalld") == 0) return true;
  }
  return false;
}

static bool firewalld_runs(void) {
  DIR *processes = opendir("/proc");
  if (processes == NULL) lack_note_errno();
  bool runs = false;
  struct dirent *entry;
  if (processes == NULL) return false;
  while (!runs && (entry = readdir(processes)) != NULL)
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') runs = is_firewalld(entry->d_name);
  closedir(processes);
  return runs;
}

const char *firewall_tool_show(bool is_ipv6) {
  struct loaded loaded = {.has_ufw = false};
  bool is_known = nft_lookup_chains(on_chain, &loaded) == 0;
  if (is_known ? loaded.has_firewalld : firewalld_runs()) return "firewall-cmd --list-all-zones";
  if (loaded.has_ufw) return "ufw status numbered";
  /* The tables of the old kernel interface exist only once somebody has used it. Only root may read the file. */
  if (has_line(is_ipv6 ? "/proc/net/ip6_tables_names" : "/proc/net/ip_tables_names"))
    return is_ipv6 ? "ip6tables-legacy-save -c" : "iptables-legacy-save -c";
  if (!loaded.has_iptables || loaded.has_others) return "nft -a list ruleset";
  return is_ipv6 ? "ip6tables-save -c" : "iptables-save -c";
}

bool firewall_tool_shows_rules(void) {
  char line[LINE_BYTES];
  unsigned long long effective = 0;
  FILE *status = proc_file_open("/proc/self/status");
  if (status == NULL) return false;
  while (fgets(line, sizeof line, status) != NULL)
    if (sscanf(line, "CapEff: %llx", &effective) == 1) break;
  fclose(status);
  return (effective >> CAP_NET_ADMIN & 1) != 0;
}

static bool is_installed(const char *name) {
  static const char *const folders[] = {"/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin"};
  char path[64];
  for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
    snprintf(path, sizeof path, "%s/%s", folders[i], name);
    if (access(path, X_OK) == 0) return true;
  }
  return false;
}

const char *firewall_tool_iptables(bool is_ipv6) {
  if (is_ipv6) return is_installed("ip6tables-nft") ? "ip6tables-nft" : "ip6tables";
  return is_installed("iptables-nft") ? "iptables-nft" : "iptables";
}

int64_t firewall_tool_group_id(void) {
  return (int64_t)getegid();
}
