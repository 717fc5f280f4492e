/*
 * nftables' tracing over netlink: a table of our own marks the packets, the kernel tells what each rule did with them.
 * Must not know who asks; starts no other program.
 */
#include "client/check/firewall/rule_trace.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "client/check/firewall/nft_message_linux.h"
#include "client/check/firewall/nft_rule_text_linux.h"

#define ANSWER_WAIT_S 2
#define RECEIVE_BYTES 32768
#define EARLIEST      (-400) /* before connection tracking, and before every chain that people write */
#define SOURCE_PORT   0      /* offsets in the header of TCP and UDP */
#define TARGET_PORT   2
#define CODE_MASK     0xffu /* of a verdict: above it a drop may hold an error number */
#define TRACE_READS   4096  /* so many messages are read at most */

struct rule_trace {
  int owner;    /* the table lives as long as this socket */
  int listener; /* tells what the rules do */
  char table[RULE_NAME_SIZE];
};

union receive_buffer {
  struct nlmsghdr header;
  uint8_t bytes[RECEIVE_BYTES];
};

static void put_chain(struct nft_batch *batch, const char *table, const char *name, unsigned hook) {
  nft_batch_open(batch, NFT_MSG_NEWCHAIN, NLM_F_CREATE, NFPROTO_INET);
  nft_put_text(batch, NFTA_CHAIN_TABLE, table);
  nft_put_text(batch, NFTA_CHAIN_NAME, name);
  nft_put_text(batch, NFTA_CHAIN_TYPE, "filter");
  size_t hooks = nft_nest(batch, NFTA_CHAIN_HOOK);
  nft_put_u32(batch, NFTA_HOOK_HOOKNUM, hook);
  nft_put_u32(batch, NFTA_HOOK_PRIORITY, (uint32_t)EARLIEST);
  nft_unnest(batch, hooks);
}

/* An expression of a rule: its name, then `put_body` between the two. */
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

/* meta l4proto PROTOCOL; th sport or dport PORT; meta nftrace set 1 */
static void put_rule(struct nft_batch *batch, const char *table, const char *chain, uint8_t protocol, uint16_t port,
                     uint32_t port_offset) {
  const uint8_t on = 1;
  uint16_t wire_port = htons(port);
  size_t body, element;
  nft_batch_open(batch, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, NFPROTO_INET);
  nft_put_text(batch, NFTA_RULE_TABLE, table);
  nft_put_text(batch, NFTA_RULE_CHAIN, chain);
  size_t expressions = nft_nest(batch, NFTA_RULE_EXPRESSIONS);
  element = open_expression(batch, "meta", &body);
  nft_put_u32(batch, NFTA_META_DREG, NFT_REG_1);
  nft_put_u32(batch, NFTA_META_KEY, NFT_META_L4PROTO);
  close_expression(batch, element, body);
  put_equals(batch, &protocol, sizeof protocol);
  element = open_expression(batch, "payload", &body);
  nft_put_u32(batch, NFTA_PAYLOAD_DREG, NFT_REG_1);
  nft_put_u32(batch, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
  nft_put_u32(batch, NFTA_PAYLOAD_OFFSET, port_offset);
  nft_put_u32(batch, NFTA_PAYLOAD_LEN, sizeof wire_port);
  close_expression(batch, element, body);
  put_equals(batch, &wire_port, sizeof wire_port);
  element = open_expression(batch, "immediate", &body);
  nft_put_u32(batch, NFTA_IMMEDIATE_DREG, NFT_REG_1);
  put_value(batch, NFTA_IMMEDIATE_DATA, &on, sizeof on);
  close_expression(batch, element, body);
  element = open_expression(batch, "meta", &body);
  nft_put_u32(batch, NFTA_META_KEY, NFT_META_NFTRACE);
  nft_put_u32(batch, NFTA_META_SREG, NFT_REG_1);
  close_expression(batch, element, body);
  nft_unnest(batch, expressions);
}

static void make_table(struct nft_batch *batch, const char *table, enum transport transport, uint16_t port) {
  static const struct {
    const char *name;
    unsigned hook;
  } chains[] = {{"output", NF_INET_LOCAL_OUT}, {"prerouting", NF_INET_PRE_ROUTING}};
  uint8_t protocol = transport == TRANSPORT_UDP ? IPPROTO_UDP : IPPROTO_TCP;
  memset(batch, 0, sizeof *batch);
  nft_batch_open_bound(batch, NFNL_MSG_BATCH_BEGIN);
  nft_batch_open(batch, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, NFPROTO_INET);
  nft_put_text(batch, NFTA_TABLE_NAME, table);
  nft_put_u32(batch, NFTA_TABLE_FLAGS, NFT_TABLE_F_OWNER);
  for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
    put_chain(batch, table, chains[i].name, chains[i].hook);
    put_rule(batch, table, chains[i].name, protocol, port, TARGET_PORT);
    put_rule(batch, table, chains[i].name, protocol, port, SOURCE_PORT);
  }
  /* The answer to the last message tells that the whole transaction is through. */
  size_t last = batch->message;
  nft_batch_open_bound(batch, NFNL_MSG_BATCH_END);
  nft_batch_close(batch);
  if (!batch->is_overflown) ((struct nlmsghdr *)(void *)(batch->bytes + last))->nlmsg_flags |= NLM_F_ACK;
}

static int open_netlink(int *opened) {
  struct sockaddr_nl self = {.nl_family = AF_NETLINK};
  struct timeval patience = {.tv_sec = ANSWER_WAIT_S};
  *opened = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (*opened < 0) return errno == EPROTONOSUPPORT ? UV_ENOTSUP : -errno;
  if (bind(*opened, (struct sockaddr *)&self, sizeof self) != 0 ||
      setsockopt(*opened, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
    return -errno;
  return 0;
}

static int send_batch(int netlink, const struct nft_batch *batch) {
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  if (batch->is_overflown) return UV_ENOBUFS;
  ssize_t sent;
  do
    sent = sendto(netlink, batch->bytes, batch->used, 0, (struct sockaddr *)&kernel, sizeof kernel);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}

/* Receives one datagram of the kernel's. Returns its length or a negative UV_ code. */
static ssize_t receive(int netlink, union receive_buffer *buffer, int flags) {
  for (;;) {
    struct sockaddr_nl sender = {0};
    socklen_t sender_bytes = sizeof sender;
    ssize_t length = recvfrom(netlink, buffer, sizeof *buffer, flags, (struct sockaddr *)&sender, &sender_bytes);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return -errno;
    if (sender.nl_pid == 0) return length;
  }
}

/* One message of a datagram: its type, family and attributes. False at the end. */
struct message {
  unsigned type;
  unsigned family;
  int error; /* of an NLMSG_ERROR; 0 is an acknowledgement */
  const uint8_t *attributes;
  size_t length;
};

static bool next_message(const uint8_t **bytes, size_t *left, struct message *message) {
  struct nlmsghdr header;
  struct nfgenmsg general;
  memset(message, 0, sizeof *message);
  if (*left < sizeof header) return false;
  memcpy(&header, *bytes, sizeof header);
  if (header.nlmsg_len < sizeof header || header.nlmsg_len > *left) return false;
  const uint8_t *body = *bytes + sizeof header;
  size_t length = header.nlmsg_len - sizeof header;
  message->type = header.nlmsg_type;
  if (header.nlmsg_type == NLMSG_ERROR && length >= sizeof message->error) {
    memcpy(&message->error, body, sizeof message->error);
  } else if (length >= sizeof general) {
    memcpy(&general, body, sizeof general);
    message->family = general.nfgen_family;
    message->attributes = body + sizeof general;
    message->length = length - sizeof general;
  }
  size_t step = NLMSG_ALIGN(header.nlmsg_len) < *left ? NLMSG_ALIGN(header.nlmsg_len) : *left;
  *bytes += step;
  *left -= step;
  return true;
}

/* The kernel's word on the transaction: the first error, or the acknowledgement. */
static int wait_for_answer(int netlink) {
  union receive_buffer buffer;
  for (;;) {
    ssize_t length = receive(netlink, &buffer, 0);
    if (length < 0) return length == UV_EAGAIN ? UV_ETIMEDOUT : (int)length;
    const uint8_t *bytes = buffer.bytes;
    size_t left = (size_t)length;
    struct message message;
    while (next_message(&bytes, &left, &message))
      if (message.type == NLMSG_ERROR) return message.error;
  }
}

int rule_trace_start(enum transport transport, uint16_t port, struct rule_trace **trace) {
  struct nft_batch batch;
  int group = NFNLGRP_NFTRACE;
  *trace = NULL;
  struct rule_trace *made = calloc(1, sizeof *made);
  if (made == NULL) return UV_ENOMEM;
  made->owner = made->listener = -1;
  snprintf(made->table, sizeof made->table, "loping_check_%ld", (long)getpid());
  int code = open_netlink(&made->listener);
  if (code == 0 && setsockopt(made->listener, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0)
    code = -errno;
  if (code == 0) code = open_netlink(&made->owner);
  if (code != 0) goto failed;
  make_table(&batch, made->table, transport, port);
  code = send_batch(made->owner, &batch);
  if (code == 0) code = wait_for_answer(made->owner);
  if (code != 0) goto failed;
  *trace = made;
  return 0;

failed:
  rule_trace_stop(made);
  return code;
}

void rule_trace_stop(struct rule_trace *trace) {
  if (trace == NULL) return;
  if (trace->owner >= 0) close(trace->owner);
  if (trace->listener >= 0) close(trace->listener);
  free(trace);
}

static const char *family_name(unsigned family) {
  static const struct {
    unsigned family;
    const char *name;
  } names[] = {{NFPROTO_INET, "inet"},     {NFPROTO_IPV4, "ip"},       {NFPROTO_IPV6, "ip6"},
               {NFPROTO_NETDEV, "netdev"}, {NFPROTO_BRIDGE, "bridge"}, {NFPROTO_ARP, "arp"}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (names[i].family == family) return names[i].name;
  return "?";
}

static bool is_drop(uint32_t verdict) {
  return (verdict & CODE_MASK) == NF_DROP;
}

/* Is this the end of a packet? Fills `rule`. */
static bool read_trace(const struct message *message, struct traced_rule *rule) {
  struct nft_attribute type, verdict, code, value;
  if (message->type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE)) return false;
  if (!nft_find(message->attributes, message->length, NFTA_TRACE_TYPE, &type)) return false;
  rule->is_policy = nft_u32(&type) == NFT_TRACETYPE_POLICY;
  if (rule->is_policy) {
    if (!nft_find(message->attributes, message->length, NFTA_TRACE_POLICY, &code) || !is_drop(nft_u32(&code)))
      return false;
  } else {
    if (nft_u32(&type) != NFT_TRACETYPE_RULE ||
        !nft_find(message->attributes, message->length, NFTA_TRACE_VERDICT, &verdict) ||
        !nft_find(verdict.bytes, verdict.length, NFTA_VERDICT_CODE, &code) || !is_drop(nft_u32(&code)))
      return false;
  }
  snprintf(rule->family, sizeof rule->family, "%s", family_name(message->family));
  nft_find(message->attributes, message->length, NFTA_TRACE_TABLE, &value);
  nft_text(&value, rule->table, sizeof rule->table);
  nft_find(message->attributes, message->length, NFTA_TRACE_CHAIN, &value);
  nft_text(&value, rule->chain, sizeof rule->chain);
  nft_find(message->attributes, message->length, NFTA_TRACE_RULE_HANDLE, &value);
  rule->handle = nft_u64(&value);
  return true;
}

/* Asks for the rule itself, and reads its text as far as it is understood. */
static void ask_for_text(unsigned family, struct traced_rule *rule) {
  struct nft_batch batch;
  union receive_buffer buffer;
  int netlink = -1;
  memset(&batch, 0, sizeof batch);
  nft_batch_open(&batch, NFT_MSG_GETRULE, 0, family);
  nft_put_text(&batch, NFTA_RULE_TABLE, rule->table);
  nft_put_text(&batch, NFTA_RULE_CHAIN, rule->chain);
  nft_put_u64(&batch, NFTA_RULE_HANDLE, rule->handle);
  nft_batch_close(&batch);
  if (open_netlink(&netlink) == 0 && send_batch(netlink, &batch) == 0) {
    ssize_t length = receive(netlink, &buffer, 0);
    const uint8_t *bytes = buffer.bytes;
    size_t left = length > 0 ? (size_t)length : 0;
    struct message message;
    struct nft_attribute expressions;
    while (next_message(&bytes, &left, &message))
      if (message.type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE) &&
          nft_find(message.attributes, message.length, NFTA_RULE_EXPRESSIONS, &expressions))
        nft_rule_text(expressions.bytes, expressions.length, rule->text, sizeof rule->text);
  }
  if (netlink >= 0) close(netlink);
}

bool rule_trace_find_drop(struct rule_trace *trace, struct traced_rule *rule) {
  union receive_buffer buffer;
  for (int i = 0; i < TRACE_READS; i++) {
    ssize_t length = receive(trace->listener, &buffer, MSG_DONTWAIT);
    if (length < 0) return false;
    const uint8_t *bytes = buffer.bytes;
    size_t left = (size_t)length;
    struct message message;
    memset(rule, 0, sizeof *rule);
    while (next_message(&bytes, &left, &message)) {
      if (!read_trace(&message, rule)) continue;
      if (!rule->is_policy) ask_for_text(message.family, rule);
      return true;
    }
  }
  return false;
}
