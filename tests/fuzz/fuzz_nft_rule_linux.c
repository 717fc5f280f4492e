/*
 * The expressions of a firewall's rule, as the kernel or somebody in its place tells them. The first byte of the input
 * is the table's family. The seeds are rules as nft and iptables make them.
 */
/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <string.h>

#include "client/check/firewall/nft_message_linux.h"
#include "client/check/firewall/nft_route_linux.h"
#include "client/check/firewall/nft_rule_facts_linux.h"
#include "client/check/firewall/nft_rule_text_linux.h"
#include "tests/fuzz/fuzz.h"

#define SEEDS_MAX      40
#define SEED_BYTES     1024
#define BYTES(literal) literal, sizeof(literal) - 1

struct fuzz_seed fuzz_seeds[SEEDS_MAX];
size_t fuzz_seed_count;

struct element {
  size_t whole, body;
};

static struct element open_element(struct nft_batch *rule, const char *name) {
  struct element element = {.whole = nft_nest(rule, NFTA_LIST_ELEM)};
  nft_put_text(rule, NFTA_EXPR_NAME, name);
  element.body = nft_nest(rule, NFTA_EXPR_DATA);
  return element;
}

static void close_element(struct nft_batch *rule, struct element element) {
  nft_unnest(rule, element.body);
  nft_unnest(rule, element.whole);
}

static void put_value(struct nft_batch *rule, unsigned type, const void *value, size_t length) {
  size_t nested = nft_nest(rule, type);
  nft_put(rule, NFTA_DATA_VALUE, value, length);
  nft_unnest(rule, nested);
}

/* An element whose attributes are numbers: pairs of a type and a number, of which type 0 is the end. */
static void put_numbers(struct nft_batch *rule, const char *name, const uint32_t (*pairs)[2]) {
  struct element element = open_element(rule, name);
  for (; (*pairs)[0] != 0; pairs++)
    nft_put_u32(rule, (*pairs)[0], (*pairs)[1]);
  close_element(rule, element);
}

#define NUMBERS(rule, name, ...) put_numbers(rule, name, (const uint32_t[][2]){__VA_ARGS__, {0, 0}})

static void put_meta(struct nft_batch *rule, uint32_t key) {
  NUMBERS(rule, "meta", {NFTA_META_DREG, 1}, {NFTA_META_KEY, key});
}

static void put_ct(struct nft_batch *rule, uint32_t key) {
  NUMBERS(rule, "ct", {NFTA_CT_DREG, 1}, {NFTA_CT_KEY, key});
}

static void put_payload(struct nft_batch *rule, uint32_t base, uint32_t offset, uint32_t length) {
  NUMBERS(rule, "payload", {NFTA_PAYLOAD_DREG, 1}, {NFTA_PAYLOAD_BASE, base}, {NFTA_PAYLOAD_OFFSET, offset},
          {NFTA_PAYLOAD_LEN, length});
}

static void put_cmp(struct nft_batch *rule, uint32_t operation, const void *value, size_t length) {
  struct element element = open_element(rule, "cmp");
  nft_put_u32(rule, NFTA_CMP_SREG, 1);
  nft_put_u32(rule, NFTA_CMP_OP, operation);
  put_value(rule, NFTA_CMP_DATA, value, length);
  close_element(rule, element);
}

static void put_range(struct nft_batch *rule, uint32_t operation, const void *from, const void *to, size_t length) {
  struct element element = open_element(rule, "range");
  nft_put_u32(rule, NFTA_RANGE_SREG, 1);
  nft_put_u32(rule, NFTA_RANGE_OP, operation);
  put_value(rule, NFTA_RANGE_FROM_DATA, from, length);
  put_value(rule, NFTA_RANGE_TO_DATA, to, length);
  close_element(rule, element);
}

static void put_bitwise(struct nft_batch *rule, const void *mask, const void * xor, size_t length) {
  struct element element = open_element(rule, "bitwise");
  nft_put_u32(rule, NFTA_BITWISE_SREG, 1);
  nft_put_u32(rule, NFTA_BITWISE_DREG, 1);
  put_value(rule, NFTA_BITWISE_MASK, mask, length);
  put_value(rule, NFTA_BITWISE_XOR, xor, length);
  close_element(rule, element);
}

static void put_lookup(struct nft_batch *rule, const char *set, uint32_t flags, bool is_map, uint32_t target) {
  struct element element = open_element(rule, "lookup");
  nft_put_text(rule, NFTA_LOOKUP_SET, set);
  nft_put_u32(rule, NFTA_LOOKUP_SREG, 1);
  nft_put_u32(rule, NFTA_LOOKUP_FLAGS, flags);
  if (is_map) nft_put_u32(rule, NFTA_LOOKUP_DREG, target);
  close_element(rule, element);
}

static void put_immediate(struct nft_batch *rule, uint32_t target, const void *value, size_t length) {
  struct element element = open_element(rule, "immediate");
  nft_put_u32(rule, NFTA_IMMEDIATE_DREG, target);
  put_value(rule, NFTA_IMMEDIATE_DATA, value, length);
  close_element(rule, element);
}

static void put_verdict(struct nft_batch *rule, int code, const char *chain) {
  struct element element = open_element(rule, "immediate");
  nft_put_u32(rule, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
  size_t data = nft_nest(rule, NFTA_IMMEDIATE_DATA), verdict = nft_nest(rule, NFTA_DATA_VERDICT);
  nft_put_u32(rule, NFTA_VERDICT_CODE, (uint32_t)code);
  if (chain != NULL) nft_put_text(rule, NFTA_VERDICT_CHAIN, chain);
  nft_unnest(rule, verdict);
  nft_unnest(rule, data);
  close_element(rule, element);
}

static void put_reject(struct nft_batch *rule, uint32_t type, uint8_t code) {
  struct element element = open_element(rule, "reject");
  nft_put_u32(rule, NFTA_REJECT_TYPE, type);
  nft_put(rule, NFTA_REJECT_ICMP_CODE, &code, 1);
  close_element(rule, element);
}

static void put_counter(struct nft_batch *rule) {
  struct element element = open_element(rule, "counter");
  nft_put_u64(rule, NFTA_COUNTER_PACKETS, 7);
  nft_put_u64(rule, NFTA_COUNTER_BYTES, 420);
  close_element(rule, element);
}

static void put_limit(struct nft_batch *rule, uint64_t seconds, uint32_t burst, uint32_t flags) {
  struct element element = open_element(rule, "limit");
  nft_put_u64(rule, NFTA_LIMIT_RATE, 10);
  nft_put_u64(rule, NFTA_LIMIT_UNIT, seconds);
  nft_put_u32(rule, NFTA_LIMIT_BURST, burst);
  nft_put_u32(rule, NFTA_LIMIT_TYPE, NFT_LIMIT_PKTS);
  nft_put_u32(rule, NFTA_LIMIT_FLAGS, flags);
  close_element(rule, element);
}

static void put_log(struct nft_batch *rule, const char *prefix, uint32_t level) {
  struct element element = open_element(rule, "log");
  if (prefix != NULL) nft_put_text(rule, NFTA_LOG_PREFIX, prefix);
  nft_put_u32(rule, NFTA_LOG_LEVEL, level);
  close_element(rule, element);
}

/* A target or a match of iptables; the attributes' types are the same for both. */
static void put_extension(struct nft_batch *rule, const char *kind, const char *name, uint32_t revision,
                          const void *info, size_t length) {
  struct element element = open_element(rule, kind);
  nft_put_text(rule, NFTA_TARGET_NAME, name);
  nft_put_u32(rule, NFTA_TARGET_REV, revision);
  nft_put(rule, NFTA_TARGET_INFO, info, length);
  close_element(rule, element);
}

/* Keeps the rule as a seed and begins the next one. */
static void keep(struct nft_batch *rule, unsigned family) {
  static uint8_t kept[SEEDS_MAX][SEED_BYTES];
  FUZZ_CHECK(fuzz_seed_count < SEEDS_MAX && rule->used < SEED_BYTES && !rule->is_overflown);
  uint8_t *seed = kept[fuzz_seed_count];
  seed[0] = (uint8_t)family;
  memcpy(seed + 1, rule->bytes, rule->used);
  fuzz_seeds[fuzz_seed_count++] = (struct fuzz_seed){seed, 1 + rule->used};
  memset(rule, 0, sizeof *rule);
}

static void put_protocol(struct nft_batch *rule, uint8_t protocol) {
  put_meta(rule, NFT_META_L4PROTO);
  put_cmp(rule, NFT_CMP_EQ, &protocol, 1);
}

static void put_target_port(struct nft_batch *rule) {
  put_protocol(rule, IPPROTO_TCP);
  put_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2);
}

static void build_port_rules(struct nft_batch *rule) {
  put_target_port(rule);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x1e\x61"));
  put_counter(rule);
  put_verdict(rule, NF_DROP, NULL);
  keep(rule, NFPROTO_INET);
  put_target_port(rule);
  put_cmp(rule, NFT_CMP_GTE, BYTES("\x1e\x61"));
  put_cmp(rule, NFT_CMP_LTE, BYTES("\x1e\x70"));
  put_verdict(rule, NFT_JUMP, "services");
  keep(rule, NFPROTO_IPV4);
  put_target_port(rule);
  put_range(rule, NFT_RANGE_EQ, "\x1e\x61", "\x1e\x70", 2);
  put_verdict(rule, NFT_GOTO, "services");
  keep(rule, NFPROTO_INET);
  put_target_port(rule);
  put_range(rule, NFT_RANGE_NEQ, "\x1e\x61", "\x1e\x70", 2);
  put_verdict(rule, NF_QUEUE, NULL);
  keep(rule, NFPROTO_INET);
  put_protocol(rule, IPPROTO_UDP);
  put_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x1e\x61"));
  put_verdict(rule, NF_ACCEPT, NULL);
  keep(rule, NFPROTO_INET);
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 9, 1);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x06"));
  put_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2);
  put_cmp(rule, NFT_CMP_NEQ, BYTES("\x1e\x61"));
  put_payload(rule, NFT_PAYLOAD_LL_HEADER, 6, 6);
  keep(rule, NFPROTO_IPV4);
  put_target_port(rule);
  put_lookup(rule, "__set0", NFT_LOOKUP_F_INV, false, 0);
  put_lookup(rule, "__map0", 0, true, NFT_REG_VERDICT);
  put_lookup(rule, "named", 0, true, 1);
  keep(rule, NFPROTO_INET);
}

static void build_address_rules(struct nft_batch *rule) {
  static const uint8_t none[16], mask6[16] = {0xff, 0xff, 0xff, 0xff}, address6[16] = {0xfd, 0, 0, 1};
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 12, 4);
  put_bitwise(rule, "\xff\0\0\0", none, 4);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x7f\0\0\0"));
  put_reject(rule, NFT_REJECT_ICMP_UNREACH, 3);
  keep(rule, NFPROTO_IPV4);
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 16, 4);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x7f\0\0\1"));
  put_reject(rule, NFT_REJECT_ICMP_UNREACH, 13);
  keep(rule, NFPROTO_IPV4);
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 12, 3);
  put_cmp(rule, NFT_CMP_NEQ, BYTES("\x7f\0\0"));
  put_reject(rule, NFT_REJECT_ICMP_UNREACH, 7);
  keep(rule, NFPROTO_IPV4);
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 24, 16);
  put_bitwise(rule, mask6, none, 16);
  put_cmp(rule, NFT_CMP_EQ, address6, 16);
  put_reject(rule, NFT_REJECT_ICMP_UNREACH, 1);
  keep(rule, NFPROTO_IPV6);
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 8, 16);
  put_cmp(rule, NFT_CMP_EQ, address6, 16);
  put_reject(rule, NFT_REJECT_TCP_RST, 0);
  keep(rule, NFPROTO_IPV6);
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 12, 4);
  put_lookup(rule, "blocked", 0, false, 0);
  put_reject(rule, NFT_REJECT_ICMPX_UNREACH, 3);
  keep(rule, NFPROTO_IPV4);
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 24, 16);
  put_lookup(rule, "blocked6", 0, false, 0);
  keep(rule, NFPROTO_IPV6);
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 12, 4);
  put_bitwise(rule, "\xff\0\xff\0", none, 4);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x7f\0\0\0"));
  keep(rule, NFPROTO_IPV4);
}

static void build_state_rules(struct nft_batch *rule) {
  static const uint8_t none[4];
  uint32_t states = 2 | 4, number = 1000, direction = 1;
  put_ct(rule, NFT_CT_STATE);
  put_bitwise(rule, &states, none, 4);
  put_cmp(rule, NFT_CMP_NEQ, none, 4);
  put_verdict(rule, NFT_RETURN, NULL);
  keep(rule, NFPROTO_INET);
  put_ct(rule, NFT_CT_DIRECTION);
  put_cmp(rule, NFT_CMP_EQ, &direction, 4);
  put_ct(rule, NFT_CT_MARK);
  put_cmp(rule, NFT_CMP_EQ, &number, 4);
  NUMBERS(rule, "ct", {NFTA_CT_SREG, 1}, {NFTA_CT_KEY, NFT_CT_MARK});
  put_ct(rule, NFT_CT_ZONE);
  keep(rule, NFPROTO_INET);
  put_meta(rule, NFT_META_SKUID);
  put_cmp(rule, NFT_CMP_EQ, &number, 4);
  put_meta(rule, NFT_META_IIF);
  put_cmp(rule, NFT_CMP_EQ, &direction, 4);
  put_meta(rule, NFT_META_OIFNAME);
  put_cmp(rule, NFT_CMP_EQ, BYTES("lo\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
  put_meta(rule, NFT_META_IIFNAME);
  put_cmp(rule, NFT_CMP_EQ, BYTES("veth"));
  keep(rule, NFPROTO_INET);
  put_meta(rule, NFT_META_NFPROTO);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x0a"));
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 6, 1);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x11"));
  put_meta(rule, NFT_META_PROTOCOL);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x08\0"));
  put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, 8, 1);
  put_cmp(rule, NFT_CMP_LT, BYTES("\x05"));
  keep(rule, NFPROTO_INET);
  put_protocol(rule, IPPROTO_ICMP);
  put_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x08"));
  put_meta(rule, NFT_META_MARK);
  put_cmp(rule, NFT_CMP_EQ, &number, 4);
  NUMBERS(rule, "meta", {NFTA_META_SREG, 1}, {NFTA_META_KEY, NFT_META_MARK});
  put_meta(rule, NFT_META_PRANDOM);
  keep(rule, NFPROTO_INET);
  put_meta(rule, NFT_META_LEN);
  NUMBERS(rule, "byteorder", {NFTA_BYTEORDER_SREG, 1}, {NFTA_BYTEORDER_DREG, 1},
          {NFTA_BYTEORDER_OP, NFT_BYTEORDER_HTON}, {NFTA_BYTEORDER_LEN, 4});
  put_range(rule, NFT_RANGE_EQ, "\0\0\0\1", "\0\0\0\x40", 4);
  put_meta(rule, NFT_META_L4PROTO);
  NUMBERS(rule, "byteorder", {NFTA_BYTEORDER_SREG, 1}, {NFTA_BYTEORDER_DREG, 1}, {NFTA_BYTEORDER_LEN, 4});
  NUMBERS(rule, "fib", {1, 1}, {2, 2});
  keep(rule, NFPROTO_INET);
}

static void build_sending_rules(struct nft_batch *rule) {
  put_target_port(rule);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x1e\x61"));
  put_immediate(rule, 1, BYTES("\xac\x11\0\2"));
  put_immediate(rule, 2, BYTES("\0\x50"));
  NUMBERS(rule, "nat", {NFTA_NAT_TYPE, NFT_NAT_DNAT}, {NFTA_NAT_FAMILY, NFPROTO_IPV4}, {NFTA_NAT_REG_ADDR_MIN, 1},
          {NFTA_NAT_REG_PROTO_MIN, 2});
  keep(rule, NFPROTO_IPV4);
  put_target_port(rule);
  put_cmp(rule, NFT_CMP_EQ, BYTES("\x1e\x61"));
  put_immediate(rule, 1, BYTES("\0\x50"));
  NUMBERS(rule, "redir", {NFTA_REDIR_REG_PROTO_MIN, 1});
  NUMBERS(rule, "redir", {NFTA_REDIR_REG_PROTO_MIN, 1}, {NFTA_REDIR_REG_PROTO_MAX, 2}, {NFTA_REDIR_FLAGS, 8});
  NUMBERS(rule, "redir", {NFTA_REDIR_FLAGS, 0});
  keep(rule, NFPROTO_INET);
  put_immediate(rule, 1, BYTES("\0\x50"));
  NUMBERS(rule, "tproxy", {NFTA_TPROXY_FAMILY, NFPROTO_IPV4}, {NFTA_TPROXY_REG_PORT, 1}, {NFTA_TPROXY_REG_ADDR, 3});
  keep(rule, NFPROTO_INET);
}

/* struct xt_tcp, xt_udp; nf_nat_ipv4_multi_range_compat, nf_nat_range2; xt_tproxy_target_info, _v1. */
static void build_extension_rules(struct nft_batch *rule) {
  put_extension(rule, "match", "tcp", 0, BYTES("\0\0\xff\xff\x61\x1e\x70\x1e\0\0\0\0"));
  put_extension(rule, "target", "DNAT", 0, BYTES("\1\0\0\0\3\0\0\0\xac\x11\0\2\xac\x11\0\2\0\x50\0\x50"));
  keep(rule, NFPROTO_IPV4);
  put_extension(rule, "match", "udp", 0, BYTES("\0\0\xff\xff\x61\x1e\x61\x1e\2\0\0\0"));
  put_extension(rule, "target", "REDIRECT", 0, BYTES("\1\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\x50\0\x50"));
  keep(rule, NFPROTO_IPV4);
  put_extension(
      rule, "target", "DNAT", 2,
      BYTES("\3\0\0\0\xfd\0\0\1\0\0\0\0\0\0\0\0\0\0\0\2\xfd\0\0\1\0\0\0\0\0\0\0\0\0\0\0\2\0\x50\0\x50\0\0\0\0"));
  keep(rule, NFPROTO_IPV6);
  put_extension(rule, "target", "DNAT", 2,
                BYTES("\3\0\0\0\xac\x11\0\2\0\0\0\0\0\0\0\0\0\0\0\0\xac\x11\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\x50\0\x50"));
  keep(rule, NFPROTO_IPV4);
  put_extension(rule, "match", "owner", 1, BYTES("\0\0\0\0\0\0\0\0\0\0\0\0"));
  put_extension(rule, "target", "TPROXY", 0, BYTES("\1\0\0\0\1\0\0\0\x7f\0\0\1\0\x50\0\0"));
  put_extension(rule, "target", "TPROXY", 1, BYTES("\1\0\0\0\1\0\0\0\x7f\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\x50\0\0"));
  keep(rule, NFPROTO_IPV4);
}

static void build_statement_rules(struct nft_batch *rule) {
  put_limit(rule, 1, 5, 0);
  put_limit(rule, 60, 10, NFT_LIMIT_F_INV);
  put_limit(rule, 61, 10, 0);
  put_log(rule, "dropped: ", 4);
  put_log(rule, NULL, 6);
  put_log(rule, "a \"quoted\" one", 1);
  put_verdict(rule, NFT_CONTINUE, NULL);
  keep(rule, NFPROTO_INET);
  struct element empty = open_element(rule, "notrack");
  close_element(rule, empty);
  for (int i = 0; i < 20; i++)
    put_counter(rule);
  keep(rule, NFPROTO_INET);
  /* The remark that nft keeps beside a rule; no expressions, but read from the same bytes. */
  memcpy(rule->bytes, "\1\2ab\0\6hello", 12);
  rule->used = 12;
  keep(rule, NFPROTO_INET);
}

void fuzz_build_seeds(void) {
  static struct nft_batch rule;
  build_port_rules(&rule);
  build_address_rules(&rule);
  build_state_rules(&rule);
  build_sending_rules(&rule);
  build_extension_rules(&rule);
  build_statement_rules(&rule);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  if (length == 0) return 0;
  unsigned family = input[0];
  input++;
  length--;
  for (size_t out_bytes = 1; out_bytes <= 1024; out_bytes *= 8) {
    char *out = malloc(out_bytes);
    FUZZ_CHECK(out != NULL);
    nft_rule_text(family, input, length, out, out_bytes);
    FUZZ_CHECK(memchr(out, '\0', out_bytes) != NULL);
    free(out);
  }
  struct nft_rule_facts facts;
  struct nft_route route;
  char comment[RULE_COMMENT_SIZE];
  nft_rule_facts_read(input, length, 7777, &facts);
  FUZZ_CHECK(memchr(facts.set, '\0', sizeof facts.set) != NULL);
  FUZZ_CHECK(!facts.has_address || facts.address_bytes == 4 || facts.address_bytes == 16);
  nft_route_read(input, length, &route);
  FUZZ_CHECK(memchr(route.jump, '\0', sizeof route.jump) != NULL);
  FUZZ_CHECK(!route.is_publishing || (route.first_port > 0 && route.first_port <= route.last_port));
  nft_rule_comment_read(input, length, comment);
  FUZZ_CHECK(memchr(comment, '\0', sizeof comment) != NULL);
  return 0;
}
