/* See nft_table_linux.h. The chains without a rule are there to be told of: a marked packet's way through a chain is
 * told, if only by the chain's policy. */
#include "client/check/firewall/nft_table_linux.h"

#include <netinet/in.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>

/* NFT_TABLE_F_OWNER, which headers before Linux 5.12 lack: the table goes with the socket that made it. */
#define TABLE_IS_ITS_SOCKETS 2

#define EARLIEST  (-400)          /* before connection tracking, and before every chain that people write */
#define LATEST    (INT32_MAX - 1) /* before connection tracking's own end */
#define PORTS_TWO 4               /* bytes: source and target port stand side by side */

static const struct {
  const char *name;
  unsigned hook;
  int32_t priority;
} chains[TRACE_PLACES] = {
    [TRACE_SENT] = {"sent", NF_INET_LOCAL_OUT, EARLIEST},    [TRACE_ROUTED] = {"routed", NF_INET_LOCAL_OUT, LATEST},
    [TRACE_LEFT] = {"left", NF_INET_POST_ROUTING, LATEST},   [TRACE_CAME] = {"came", NF_INET_PRE_ROUTING, EARLIEST},
    [TRACE_REACHED] = {"reached", NF_INET_LOCAL_IN, LATEST},
};

/* What a packet's header must say. */
struct direction {
  bool is_ipv6;
  uint8_t protocol;
  uint8_t address[sizeof(struct in6_addr)]; /* of the examined end */
  uint32_t address_offset;                  /* in the network header */
  uint16_t ports[2];                        /* source, target; as on the wire */
};

static void put_chain(struct nft_batch *batch, const char *table, enum trace_place place) {
  nft_batch_open(batch, NFT_MSG_NEWCHAIN, NLM_F_CREATE, NFPROTO_INET);
  nft_put_text(batch, NFTA_CHAIN_TABLE, table);
  nft_put_text(batch, NFTA_CHAIN_NAME, chains[place].name);
  nft_put_text(batch, NFTA_CHAIN_TYPE, "filter");
  size_t hooks = nft_nest(batch, NFTA_CHAIN_HOOK);
  nft_put_u32(batch, NFTA_HOOK_HOOKNUM, chains[place].hook);
  nft_put_u32(batch, NFTA_HOOK_PRIORITY, (uint32_t)chains[place].priority);
  nft_unnest(batch, hooks);
}

/* An expression of a rule: its name, then its body between the two. */
static size_t open_expression(struct nft_batch *batch, const char *name, size_t *body) {
  size_t element = nft_nest(batch, NFTA_LIST_ELEM);
  nft_put_text(batch, NFTA_EXPR_NAME, name);
  *body = nft_nest(batch, NFTA_EXPR_DATA);
  return element;
}

static void close_expression(struct nft_batch *batch, size_t element, size_t body) {
  nft_unnest(batch, body);
  nft_unnest(batch, element);
}

static void put_value(struct nft_batch *batch, unsigned type, const void *value, size_t length) {
  size_t nest = nft_nest(batch, type);
  nft_put(batch, NFTA_DATA_VALUE, value, length);
  nft_unnest(batch, nest);
}

static void put_equals(struct nft_batch *batch, const void *value, size_t length) {
  size_t body, element = open_expression(batch, "cmp", &body);
  nft_put_u32(batch, NFTA_CMP_SREG, NFT_REG_1);
  nft_put_u32(batch, NFTA_CMP_OP, NFT_CMP_EQ);
  put_value(batch, NFTA_CMP_DATA, value, length);
  close_expression(batch, element, body);
}

static void put_meta_equals(struct nft_batch *batch, uint32_t key, uint8_t value) {
  size_t body, element = open_expression(batch, "meta", &body);
  nft_put_u32(batch, NFTA_META_DREG, NFT_REG_1);
  nft_put_u32(batch, NFTA_META_KEY, key);
  close_expression(batch, element, body);
  put_equals(batch, &value, sizeof value);
}

static void put_payload_equals(struct nft_batch *batch, uint32_t base, uint32_t offset, const void *value,
                               uint32_t length) {
  size_t body, element = open_expression(batch, "payload", &body);
  nft_put_u32(batch, NFTA_PAYLOAD_DREG, NFT_REG_1);
  nft_put_u32(batch, NFTA_PAYLOAD_BASE, base);
  nft_put_u32(batch, NFTA_PAYLOAD_OFFSET, offset);
  nft_put_u32(batch, NFTA_PAYLOAD_LEN, length);
  close_expression(batch, element, body);
  put_equals(batch, value, length);
}

/* meta nftrace set 1 */
static void put_mark(struct nft_batch *batch) {
  const uint8_t on = 1;
  size_t body, element = open_expression(batch, "immediate", &body);
  nft_put_u32(batch, NFTA_IMMEDIATE_DREG, NFT_REG_1);
  put_value(batch, NFTA_IMMEDIATE_DATA, &on, sizeof on);
  close_expression(batch, element, body);
  element = open_expression(batch, "meta", &body);
  nft_put_u32(batch, NFTA_META_KEY, NFT_META_NFTRACE);
  nft_put_u32(batch, NFTA_META_SREG, NFT_REG_1);
  close_expression(batch, element, body);
}

static void put_rule(struct nft_batch *batch, const char *table, enum trace_place place,
                     const struct direction *direction) {
  uint8_t family = direction->is_ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
  uint32_t address_bytes = direction->is_ipv6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
  nft_batch_open(batch, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, NFPROTO_INET);
  nft_put_text(batch, NFTA_RULE_TABLE, table);
  nft_put_text(batch, NFTA_RULE_CHAIN, chains[place].name);
  size_t expressions = nft_nest(batch, NFTA_RULE_EXPRESSIONS);
  put_meta_equals(batch, NFT_META_NFPROTO, family);
  put_payload_equals(batch, NFT_PAYLOAD_NETWORK_HEADER, direction->address_offset, direction->address, address_bytes);
  put_meta_equals(batch, NFT_META_L4PROTO, direction->protocol);
  put_payload_equals(batch, NFT_PAYLOAD_TRANSPORT_HEADER, 0, direction->ports, PORTS_TWO);
  put_mark(batch);
  nft_unnest(batch, expressions);
}

static void fill_directions(const struct endpoint *target, const struct sockaddr_storage *source,
                            struct direction directions[2]) {
  const struct sockaddr_storage *address = &target->address;
  bool is_ipv6 = address->ss_family == AF_INET6;
  struct direction there = {.is_ipv6 = is_ipv6,
                            .protocol = target->transport == TRANSPORT_UDP ? IPPROTO_UDP : IPPROTO_TCP,
                            .address_offset = is_ipv6 ? 24 : 16,
                            .ports = {htons(address_port(source)), htons(address_port(address))}};
  if (is_ipv6)
    memcpy(there.address, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, sizeof(struct in6_addr));
  else
    memcpy(there.address, &((const struct sockaddr_in *)(const void *)address)->sin_addr, sizeof(struct in_addr));
  directions[0] = directions[1] = there;
  directions[1].address_offset = is_ipv6 ? 8 : 12;
  directions[1].ports[0] = there.ports[1];
  directions[1].ports[1] = there.ports[0];
}

void nft_table_make(struct nft_batch *batch, const char *table, const struct endpoint *target,
                    const struct sockaddr_storage *source) {
  struct direction directions[2];
  fill_directions(target, source, directions);
  memset(batch, 0, sizeof *batch);
  nft_batch_open_bound(batch, NFNL_MSG_BATCH_BEGIN);
  nft_batch_open(batch, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, NFPROTO_INET);
  nft_put_text(batch, NFTA_TABLE_NAME, table);
  nft_put_u32(batch, NFTA_TABLE_FLAGS, TABLE_IS_ITS_SOCKETS);
  for (enum trace_place place = 0; place < TRACE_PLACES; place++) {
    put_chain(batch, table, place);
    if (place != TRACE_SENT && place != TRACE_CAME) continue;
    put_rule(batch, table, place, &directions[0]);
    put_rule(batch, table, place, &directions[1]);
  }
  /* The answer to the last message tells that the whole transaction is through. */
  size_t last = batch->message;
  nft_batch_open_bound(batch, NFNL_MSG_BATCH_END);
  nft_batch_close(batch);
  if (!batch->is_overflown) ((struct nlmsghdr *)(void *)(batch->bytes + last))->nlmsg_flags |= NLM_F_ACK;
}

enum trace_place nft_table_place(const char *chain) {
  enum trace_place place = 0;
  while (place < TRACE_PLACES && strcmp(chains[place].name, chain) != 0)
    place++;
  return place;
}
