/*
 * A table of iptables' old interface whose bytes are anything, at two moments. The input begins with what stands beside
 * the table: struct beside; the second moment differs from the first in the one byte that it names, and in the count of
 * the first entry.
 */
#include <stddef.h>
#include <string.h>

#include "client/check/firewall/legacy_table_linux.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "tests/fuzz/fuzz.h"

#define SEEDS_MAX   16
#define SEED_BYTES  2048
#define ERROR_ENTRY "ERROR"
#define PORT        7777

struct beside {
  uint8_t is_ipv6, is_udp, hooks, unused;
  uint16_t counted; /* the byte that grows */
  uint16_t entry_offsets[LEGACY_HOOKS];
  uint16_t policy_offsets[LEGACY_HOOKS];
};

struct fuzz_seed fuzz_seeds[SEEDS_MAX];
size_t fuzz_seed_count;

/* A table that is being written. */
struct draft {
  struct beside beside;
  size_t length;
  uint8_t bytes[SEED_BYTES];
};

/* A match's head, its ports, and what fills them up (XT_ALIGN). */
#define MATCH_BYTES (sizeof(struct xt_entry_match) + ((sizeof(struct xt_tcp) + 7) & ~(size_t)7))

/* Appends an entry, and returns where it begins. `info` is what follows the target's head. */
static size_t put_entry(struct draft *draft, const char *match, uint16_t last_port, const char *target,
                        const void *info, size_t info_bytes) {
  size_t begin = draft->length, head = draft->beside.is_ipv6 ? sizeof(struct ip6t_entry) : sizeof(struct ipt_entry);
  struct xt_entry_match match_head = {.u.user.match_size = MATCH_BYTES};
  struct xt_tcp ports = {.spts = {0, UINT16_MAX}, .dpts = {PORT, last_port}};
  struct xt_entry_target end = {0};
  size_t target_offset = head + (match != NULL ? MATCH_BYTES : 0);
  size_t next_offset = target_offset + sizeof end + ((info_bytes + 7) & ~(size_t)7);
  struct ipt_entry four = {.target_offset = (uint16_t)target_offset, .next_offset = (uint16_t)next_offset};
  struct ip6t_entry six = {.target_offset = (uint16_t)target_offset, .next_offset = (uint16_t)next_offset};
  FUZZ_CHECK(begin + next_offset <= SEED_BYTES);
  memcpy(draft->bytes + begin, draft->beside.is_ipv6 ? (void *)&six : (void *)&four, head);
  if (match != NULL) {
    memcpy(match_head.u.user.name, match, strlen(match));
    memcpy(draft->bytes + begin + head, &match_head, sizeof match_head);
    memset(draft->bytes + begin + head + sizeof match_head, 0, MATCH_BYTES - sizeof match_head);
    memcpy(draft->bytes + begin + head + sizeof match_head, &ports, sizeof ports);
  }
  end.u.user.target_size = (uint16_t)(next_offset - target_offset);
  memcpy(end.u.user.name, target, strlen(target));
  memcpy(draft->bytes + begin + target_offset, &end, sizeof end);
  memcpy(draft->bytes + begin + target_offset + sizeof end, info, info_bytes);
  draft->length += next_offset;
  return begin;
}

static size_t put_verdict(struct draft *draft, const char *match, int32_t verdict) {
  return put_entry(draft, match, PORT, "", &verdict, sizeof verdict);
}

static void count(struct draft *draft, size_t entry) {
  draft->beside.counted = (uint16_t)(entry + (draft->beside.is_ipv6 ? offsetof(struct ip6t_entry, counters.pcnt)
                                                                    : offsetof(struct ipt_entry, counters.pcnt)));
}

static void keep(struct draft *draft) {
  static uint8_t kept[SEEDS_MAX][sizeof(struct beside) + SEED_BYTES];
  FUZZ_CHECK(fuzz_seed_count < SEEDS_MAX);
  uint8_t *seed = kept[fuzz_seed_count];
  memcpy(seed, &draft->beside, sizeof draft->beside);
  memcpy(seed + sizeof draft->beside, draft->bytes, draft->length);
  fuzz_seeds[fuzz_seed_count++] = (struct fuzz_seed){seed, sizeof draft->beside + draft->length};
}

/* A rule in INPUT that ends a packet's way, and the chain's policy behind it. */
static void build_rule(bool is_ipv6, const char *match, uint16_t last_port, const char *target, const void *info,
                       size_t info_bytes) {
  struct draft draft = {.beside = {.is_ipv6 = is_ipv6, .hooks = 1u << NF_INET_LOCAL_IN}};
  draft.beside.is_udp = match != NULL && strcmp(match, "udp") == 0;
  count(&draft, put_entry(&draft, match, last_port, target, info, info_bytes));
  draft.beside.policy_offsets[NF_INET_LOCAL_IN] = (uint16_t)put_verdict(&draft, NULL, -NF_ACCEPT - 1);
  keep(&draft);
}

/* INPUT leads to a chain of its own, where the rule is. */
static void build_chain(void) {
  struct draft draft = {.beside = {.hooks = 1u << NF_INET_LOCAL_IN}};
  size_t jump = put_verdict(&draft, NULL, 0);
  draft.beside.policy_offsets[NF_INET_LOCAL_IN] = (uint16_t)put_verdict(&draft, NULL, -NF_ACCEPT - 1);
  put_entry(&draft, NULL, 0, ERROR_ENTRY, "own chain\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
  size_t rule = put_verdict(&draft, "tcp", -NF_DROP - 1);
  size_t head = sizeof(struct ipt_entry) + sizeof(struct xt_entry_target);
  int32_t verdict = (int32_t)rule;
  memcpy(draft.bytes + jump + head, &verdict, sizeof verdict);
  put_entry(&draft, NULL, 0, ERROR_ENTRY, "ERROR\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
  count(&draft, rule);
  keep(&draft);
  /* The loop back of the chain to itself. */
  verdict = (int32_t)rule;
  memcpy(draft.bytes + rule + head + MATCH_BYTES, &verdict, sizeof verdict);
  keep(&draft);
}

static void build_policy(void) {
  struct draft draft = {.beside = {.hooks = 1u << NF_INET_LOCAL_OUT}};
  size_t policy = put_verdict(&draft, NULL, -NF_DROP - 1);
  draft.beside.policy_offsets[NF_INET_LOCAL_OUT] = (uint16_t)policy;
  count(&draft, policy);
  keep(&draft);
}

void fuzz_build_seeds(void) {
  static const uint8_t sending[40] = {[16] = 0, 80, [36] = 0, 80};
  int32_t drop = -NF_DROP - 1;
  build_rule(false, "tcp", PORT, "", &drop, sizeof drop);
  build_rule(true, "tcp", PORT + 9, "REJECT", sending, 4);
  build_rule(false, "udp", PORT, "NFQUEUE", sending, 4);
  build_rule(false, "tcp", PORT, "DNAT", sending, 24);
  build_rule(true, "tcp", PORT, "REDIRECT", sending, 40);
  build_rule(false, "conntrack", PORT, "TPROXY", sending, 16);
  build_rule(false, "tcp", PORT, "LOG", sending, 16);
  build_chain();
  build_policy();
}

/* Makes the byte at `offset` one larger. */
static void grow(uint8_t *bytes, size_t length, size_t offset) {
  if (offset < length) bytes[offset]++;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  struct beside beside;
  if (length < sizeof beside) return 0;
  memcpy(&beside, input, sizeof beside);
  input += sizeof beside;
  length -= sizeof beside;
  unsigned char *first = malloc(length > 0 ? length : 1), *second = malloc(length > 0 ? length : 1);
  struct legacy_rule rule;
  FUZZ_CHECK(first != NULL && second != NULL);
  memcpy(first, input, length);
  memcpy(second, input, length);
  grow(second, length, beside.counted);
  /* The first entry's as well: most ways begin there. */
  grow(second, length, offsetof(struct ipt_entry, counters.pcnt));
  struct legacy_table before = {
      .name = "filter", .is_ipv6 = beside.is_ipv6 % 2 != 0, .hooks = beside.hooks, .length = length, .bytes = first};
  for (size_t i = 0; i < LEGACY_HOOKS; i++) {
    before.entry_offsets[i] = beside.entry_offsets[i];
    before.policy_offsets[i] = beside.policy_offsets[i];
  }
  struct legacy_table after = before;
  after.bytes = second;
  if (legacy_table_find(&before, &after, beside.is_udp % 2 != 0 ? TRANSPORT_UDP : TRANSPORT_TCP, PORT, &rule)) {
    FUZZ_CHECK(memchr(rule.chain, '\0', sizeof rule.chain) != NULL);
    FUZZ_CHECK(memchr(rule.base_chain, '\0', sizeof rule.base_chain) != NULL);
  }
  free(first);
  free(second);
  return 0;
}
