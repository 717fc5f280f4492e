/* See legacy_rules.h. The tables come by getsockopt(2) of a raw socket, as iptables-legacy itself reads them. */
#include "client/check/firewall/legacy_rules.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/check/firewall/legacy_table_linux.h"
#include "common/machine/proc_file_linux.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"

#define TABLES_MAX 8
/* A table bigger than this is not looked into: hundreds of thousands of rules. */
#define TABLE_BYTES_MAX (64u << 20)

struct legacy_counters {
  size_t count;
  struct legacy_table tables[TABLES_MAX];
};

/* The two families have the same requests under the same numbers and layouts (ip6_tables.h). */
static bool read_table(int raw, bool is_ipv6, const char *name, struct legacy_table *table) {
  struct ipt_getinfo info;
  socklen_t length = sizeof info;
  int level = is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
  memset(&info, 0, sizeof info);
  snprintf(info.name, sizeof info.name, "%s", name);
  if (getsockopt(raw, level, IPT_SO_GET_INFO, &info, &length) != 0 || info.size > TABLE_BYTES_MAX) return false;
  length = (socklen_t)(sizeof(struct ipt_get_entries) + info.size);
  struct ipt_get_entries *entries = memory_take_zeroed(1, length);
  if (entries == NULL) return false;
  snprintf(entries->name, sizeof entries->name, "%s", name);
  entries->size = info.size;
  bool is_read = getsockopt(raw, level, IPT_SO_GET_ENTRIES, entries, &length) == 0;
  table->bytes = is_read ? memory_take(info.size) : NULL;
  if (table->bytes != NULL) {
    memcpy(table->bytes, entries->entrytable, info.size);
    table->length = info.size;
    table->is_ipv6 = is_ipv6;
    table->hooks = info.valid_hooks;
    for (unsigned hook = 0; hook < LEGACY_HOOKS; hook++) {
      table->entry_offsets[hook] = info.hook_entry[hook];
      table->policy_offsets[hook] = info.underflow[hook];
    }
    snprintf(table->name, sizeof table->name, "%s", name);
  }
  free(entries);
  return table->bytes != NULL;
}

static void read_tables(FILE *names, int raw, bool is_ipv6, struct legacy_counters *counters) {
  /* In the order that a packet meets them, so that the first that ends its way is found first. */
  static const char *const order[] = {"raw", "mangle", "nat", "filter", "security"};
  bool is_used[sizeof order / sizeof order[0]] = {false};
  char line[LEGACY_NAME_SIZE];
  while (fgets(line, sizeof line, names) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
      is_used[i] = is_used[i] || strcmp(line, order[i]) == 0;
  }
  for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
    if (is_used[i] && read_table(raw, is_ipv6, order[i], &counters->tables[counters->count])) counters->count++;
}

struct legacy_counters *legacy_counters_read(bool is_ipv6) {
  FILE *names = proc_file_open(is_ipv6 ? "/proc/net/ip6_tables_names" : "/proc/net/ip_tables_names");
  if (names == NULL) return NULL;
  struct legacy_counters *counters = memory_take_zeroed(1, sizeof *counters);
  int raw = lack_descriptor(socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
  if (counters != NULL && raw >= 0) read_tables(names, raw, is_ipv6, counters);
  if (raw >= 0) close(raw);
  fclose(names);
  if (counters != NULL && counters->count > 0) return counters;
  free(counters);
  return NULL;
}

bool legacy_counters_find(const struct legacy_counters *before, const struct legacy_counters *after,
                          enum transport transport, uint16_t port, struct legacy_rule *rule) {
  if (before == NULL || after == NULL || before->count != after->count) return false;
  for (size_t i = 0; i < after->count; i++)
    if (legacy_table_find(&before->tables[i], &after->tables[i], transport, port, rule)) return true;
  return false;
}

void legacy_counters_free(struct legacy_counters *counters) {
  if (counters == NULL) return;
  for (size_t i = 0; i < counters->count; i++)
    free(counters->tables[i].bytes);
  free(counters);
}
