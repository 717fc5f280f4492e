/* See legacy_table_linux.h. */
#include "client/check/firewall/legacy_table_linux.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdio.h>
#include <string.h>

#define CHAINS_DEPTH 16
#define NO_OFFSET    SIZE_MAX

/* What is wanted of an entry, of either family. */
struct entry {
  size_t offset;
  size_t next;
  size_t matches; /* where its matches begin, and end */
  size_t target;
  uint64_t packets;
  char target_name[XT_EXTENSION_MAXNAMELEN + 1];
  int32_t verdict; /* of a standard target */
};

static bool take(const struct legacy_table *table, size_t offset, void *out, size_t bytes) {
  if (offset > table->length || bytes > table->length - offset) return false;
  memcpy(out, table->bytes + offset, bytes);
  return true;
}

static bool read_entry(const struct legacy_table *table, size_t offset, struct entry *entry) {
  struct ipt_entry four;
  struct ip6t_entry six;
  struct xt_entry_target target;
  memset(entry, 0, sizeof *entry);
  entry->offset = offset;
  if (table->is_ipv6 ? !take(table, offset, &six, sizeof six) : !take(table, offset, &four, sizeof four)) return false;
  size_t head = table->is_ipv6 ? sizeof six : sizeof four;
  size_t target_offset = table->is_ipv6 ? six.target_offset : four.target_offset;
  size_t next_offset = table->is_ipv6 ? six.next_offset : four.next_offset;
  entry->packets = table->is_ipv6 ? six.counters.pcnt : four.counters.pcnt;
  if (target_offset < head || next_offset < target_offset + sizeof target || next_offset > table->length - offset)
    return false;
  entry->matches = offset + head;
  entry->target = offset + target_offset;
  entry->next = offset + next_offset;
  if (!take(table, entry->target, &target, sizeof target)) return false;
  memcpy(entry->target_name, target.u.user.name, sizeof target.u.user.name);
  if (entry->target_name[0] == '\0' &&
      !take(table, entry->target + sizeof target, &entry->verdict, sizeof entry->verdict))
    return false;
  return true;
}

static bool is_any_port(const uint16_t range[2]) {
  return range[0] == 0 && range[1] == UINT16_MAX;
}

/* Could a packet to or from the port meet it, as far as its match for ports tells? */
static bool may_meet(const struct legacy_table *table, const struct entry *entry, enum transport transport,
                     uint16_t port) {
  struct xt_entry_match match;
  for (size_t offset = entry->matches; offset < entry->target; offset += match.u.match_size) {
    struct xt_tcp ports; /* of UDP the ports stand at the same place */
    if (!take(table, offset, &match, sizeof match) || match.u.match_size < sizeof match) return true;
    bool is_tcp = strncmp(match.u.user.name, "tcp", sizeof match.u.user.name) == 0;
    bool is_udp = strncmp(match.u.user.name, "udp", sizeof match.u.user.name) == 0;
    if (!is_tcp && !is_udp) continue;
    if (is_udp != (transport == TRANSPORT_UDP)) return false;
    memset(&ports, 0, sizeof ports);
    if (!take(table, offset + sizeof match, &ports, is_udp ? sizeof(struct xt_udp) : sizeof ports)) return true;
    bool is_to = ports.dpts[0] <= port && port <= ports.dpts[1];
    bool is_from = ports.spts[0] <= port && port <= ports.spts[1];
    return (is_to && is_any_port(ports.spts)) || (is_from && is_any_port(ports.dpts));
  }
  return true;
}

static const char *hook_name(unsigned hook) {
  static const char *const names[LEGACY_HOOKS] = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"};
  return names[hook];
}

/* The chain that an entry stands in: where it begins, and its name. */
struct chain {
  size_t begin;
  char name[LEGACY_NAME_SIZE];
  bool is_built_in;
  unsigned count; /* entries so far */
};

static bool is_chain_head(const struct legacy_table *table, const struct entry *entry, struct chain *chain) {
  for (unsigned hook = 0; hook < LEGACY_HOOKS; hook++)
    if ((table->hooks >> hook & 1) != 0 && table->entry_offsets[hook] == entry->offset) {
      *chain = (struct chain){.begin = entry->offset, .is_built_in = true};
      snprintf(chain->name, sizeof chain->name, "%s", hook_name(hook));
      return false; /* it is the chain's first rule as well */
    }
  if (strcmp(entry->target_name, XT_ERROR_TARGET) != 0) return false;
  *chain = (struct chain){.begin = entry->next};
  (void)take(table, entry->target + sizeof(struct xt_entry_target), chain->name, sizeof chain->name - 1);
  return true;
}

static uint64_t growth(const struct legacy_table *before, const struct entry *entry) {
  struct entry old;
  if (!read_entry(before, entry->offset, &old) || entry->packets < old.packets) return 0;
  return entry->packets - old.packets;
}

/* The built-in chain from which rules that met a packet lead to the chain that begins there. */
static void find_base(const struct legacy_table *before, const struct legacy_table *after, size_t begin,
                      char out[LEGACY_NAME_SIZE]) {
  for (int depth = 0; depth < CHAINS_DEPTH; depth++) {
    struct chain chain = {.begin = NO_OFFSET}, found = {.begin = NO_OFFSET};
    struct entry entry;
    for (size_t offset = 0; read_entry(after, offset, &entry); offset = entry.next) {
      if (is_chain_head(after, &entry, &chain)) continue;
      if (entry.target_name[0] == '\0' && entry.verdict > 0 && (size_t)entry.verdict == begin &&
          growth(before, &entry) > 0)
        found = chain;
    }
    if (found.begin == NO_OFFSET) return;
    begin = found.begin;
    if (!found.is_built_in) continue;
    memcpy(out, found.name, LEGACY_NAME_SIZE);
    return;
  }
}

static bool is_policy(const struct legacy_table *table, const struct entry *entry) {
  for (unsigned hook = 0; hook < LEGACY_HOOKS; hook++)
    if ((table->hooks >> hook & 1) != 0 && table->policy_offsets[hook] == entry->offset) return true;
  return false;
}

static void read_port(const struct legacy_table *table, const struct entry *entry, struct legacy_rule *rule) {
  size_t info = entry->target + sizeof(struct xt_entry_target), length = entry->next - info;
  uint8_t port[2];
  /* The older layout of IPv4 ends at 20 bytes; of the others the ports follow two addresses of 16. */
  if (take(table, info + (length < 36 ? 16 : 36), port, sizeof port))
    rule->to_port = (uint16_t)(port[0] << 8 | port[1]);
}

/* Does it end a packet's way? */
static bool is_end(const struct legacy_table *table, const struct entry *entry, struct legacy_rule *rule) {
  static const struct {
    const char *name;
    enum legacy_end end;
  } ends[] = {{"REJECT", LEGACY_REJECTS},
              {"NFQUEUE", LEGACY_QUEUES},
              {"DNAT", LEGACY_SENDS_ON},
              {"REDIRECT", LEGACY_SENDS_ON},
              {"TPROXY", LEGACY_SENDS_ON}};
  rule->is_policy = is_policy(table, entry);
  if (entry->target_name[0] == '\0') {
    rule->end = LEGACY_DROPS;
    snprintf(rule->target, sizeof rule->target, "DROP");
    return entry->verdict == -NF_DROP - 1;
  }
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
    if (strcmp(ends[i].name, entry->target_name) == 0) {
      rule->end = ends[i].end;
      snprintf(rule->target, sizeof rule->target, "%s", entry->target_name);
      if (rule->end == LEGACY_SENDS_ON && strcmp(ends[i].name, "TPROXY") != 0) read_port(table, entry, rule);
      return true;
    }
  return false;
}

bool legacy_table_find(const struct legacy_table *before, const struct legacy_table *after, enum transport transport,
                       uint16_t port, struct legacy_rule *rule) {
  struct chain chain = {.begin = 0};
  struct entry entry;
  if (before->length != after->length) return false;
  for (size_t offset = 0; read_entry(after, offset, &entry); offset = entry.next) {
    if (is_chain_head(after, &entry, &chain)) continue;
    chain.count++;
    memset(rule, 0, sizeof *rule);
    if (!is_end(after, &entry, rule) || growth(before, &entry) == 0 || !may_meet(after, &entry, transport, port))
      continue;
    rule->is_ipv6 = after->is_ipv6;
    rule->number = chain.count;
    snprintf(rule->table, sizeof rule->table, "%s", after->name);
    memcpy(rule->chain, chain.name, sizeof rule->chain);
    if (chain.is_built_in)
      memcpy(rule->base_chain, chain.name, sizeof rule->base_chain);
    else
      find_base(before, after, chain.begin, rule->base_chain);
    return true;
  }
  return false;
}
