/*
 * From the expressions of a rule to words. nftables loads a value into a register and compares it in the next
 * expression: the name of what was loaded last is kept until then. Pure.
 */
#include "client/check/firewall/nft_rule_text_linux.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "client/check/firewall/nft_message_linux.h"

#define NAME_BYTES 32

struct page {
  char *out;
  size_t out_bytes;
  size_t used;
  char loaded[NAME_BYTES]; /* what the next comparison is about */
  const char *protocol;    /* "tcp", "udp", or "th" while it is not known */
};

__attribute__((format(printf, 2, 3))) static void say(struct page *page, const char *format, ...) {
  char word[NAME_BYTES * 4];
  va_list values;
  va_start(values, format);
  vsnprintf(word, sizeof word, format, values);
  va_end(values);
  size_t length = strlen(word), left = page->out_bytes - page->used;
  if (length + 2 > left) return;
  snprintf(page->out + page->used, left, "%s%s", page->used > 0 ? " " : "", word);
  page->used += length + (page->used > 0 ? 1 : 0);
}

static uint32_t number_of(const struct nft_attribute *body, unsigned type) {
  struct nft_attribute found;
  nft_find(body->bytes, body->length, type, &found);
  return nft_u32(&found);
}

static void load(struct page *page, const char *name) {
  snprintf(page->loaded, sizeof page->loaded, "%s", name);
}

static void read_meta(struct page *page, const struct nft_attribute *body) {
  static const struct {
    uint32_t key;
    const char *name;
  } names[] = {{NFT_META_L4PROTO, "meta l4proto"},
               {NFT_META_NFPROTO, "meta nfproto"},
               {NFT_META_IIFNAME, "iifname"},
               {NFT_META_OIFNAME, "oifname"},
               {NFT_META_IIF, "iif"},
               {NFT_META_OIF, "oif"},
               {NFT_META_MARK, "meta mark"},
               {NFT_META_SKUID, "meta skuid"}};
  uint32_t key = number_of(body, NFTA_META_KEY);
  load(page, "meta");
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (names[i].key == key) load(page, names[i].name);
}

static void read_payload(struct page *page, const struct nft_attribute *body) {
  uint32_t base = number_of(body, NFTA_PAYLOAD_BASE), offset = number_of(body, NFTA_PAYLOAD_OFFSET);
  uint32_t length = number_of(body, NFTA_PAYLOAD_LEN);
  if (base == NFT_PAYLOAD_TRANSPORT_HEADER && length == 2 && (offset == 0 || offset == 2))
    snprintf(page->loaded, sizeof page->loaded, "%s %s", page->protocol, offset == 0 ? "sport" : "dport");
  else if (base == NFT_PAYLOAD_TRANSPORT_HEADER && offset == 13)
    load(page, "tcp flags");
  else if (base == NFT_PAYLOAD_NETWORK_HEADER && length == 4 && (offset == 12 || offset == 16))
    load(page, offset == 12 ? "ip saddr" : "ip daddr");
  else if (base == NFT_PAYLOAD_NETWORK_HEADER && length == 2 && offset == 2)
    load(page, "ip length");
  else
    load(page, "<payload>");
}

/* A protocol by its name, a text as it is, other values as numbers. */
static void say_value(struct page *page, const char *operator_text, const struct nft_attribute *value) {
  static const struct {
    uint8_t number;
    const char *name;
  } protocols[] = {{IPPROTO_TCP, "tcp"}, {IPPROTO_UDP, "udp"}, {IPPROTO_ICMP, "icmp"}, {IPPROTO_ICMPV6, "ipv6-icmp"}};
  unsigned long long number = 0;
  for (size_t i = 0; i < value->length && i < 8; i++)
    number = number << 8 | value->bytes[i];
  if (strcmp(page->loaded, "meta l4proto") == 0 && value->length == 1)
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
      if (protocols[i].number == value->bytes[0]) {
        page->protocol = protocols[i].name;
        say(page, "meta l4proto %s%s", operator_text, protocols[i].name);
        return;
      }
  if (strstr(page->loaded, "ifname") != NULL)
    say(page, "%s %s\"%.*s\"", page->loaded, operator_text, (int)strnlen((const char *)value->bytes, value->length),
        (const char *)value->bytes);
  else if (value->length == 4 && strstr(page->loaded, "addr") != NULL)
    say(page, "%s %s%u.%u.%u.%u", page->loaded, operator_text, value->bytes[0], value->bytes[1], value->bytes[2],
        value->bytes[3]);
  else
    say(page, "%s %s%llu", page->loaded, operator_text, number);
}

static void read_cmp(struct page *page, const struct nft_attribute *body) {
  static const char *const operators[] = {[NFT_CMP_EQ] = "",     [NFT_CMP_NEQ] = "!= ", [NFT_CMP_LT] = "< ",
                                          [NFT_CMP_LTE] = "<= ", [NFT_CMP_GT] = "> ",   [NFT_CMP_GTE] = ">= "};
  struct nft_attribute nested, value;
  uint32_t operator_number = number_of(body, NFTA_CMP_OP);
  if (!nft_find(body->bytes, body->length, NFTA_CMP_DATA, &nested) ||
      !nft_find(nested.bytes, nested.length, NFTA_DATA_VALUE, &value) || operator_number > NFT_CMP_GTE)
    return;
  say_value(page, operators[operator_number], &value);
}

static void read_lookup(struct page *page, const struct nft_attribute *body) {
  struct nft_attribute found;
  char set[NAME_BYTES];
  nft_find(body->bytes, body->length, NFTA_LOOKUP_SET, &found);
  nft_text(&found, set, sizeof set);
  say(page, "%s @%s", page->loaded, set);
}

static void read_immediate(struct page *page, const struct nft_attribute *body) {
  struct nft_attribute nested, verdict, code, chain;
  char name[NAME_BYTES];
  if (!nft_find(body->bytes, body->length, NFTA_IMMEDIATE_DATA, &nested) ||
      !nft_find(nested.bytes, nested.length, NFTA_DATA_VERDICT, &verdict) ||
      !nft_find(verdict.bytes, verdict.length, NFTA_VERDICT_CODE, &code))
    return;
  nft_find(verdict.bytes, verdict.length, NFTA_VERDICT_CHAIN, &chain);
  nft_text(&chain, name, sizeof name);
  int number = (int)nft_u32(&code);
  if (number == NF_DROP || number == NF_ACCEPT)
    say(page, number == NF_DROP ? "drop" : "accept");
  else if (number == NFT_JUMP || number == NFT_GOTO)
    say(page, "%s %s", number == NFT_JUMP ? "jump" : "goto", name);
  else
    say(page, "<verdict %d>", number);
}

static void read_reject(struct page *page, const struct nft_attribute *body) {
  if (number_of(body, NFTA_REJECT_TYPE) == NFT_REJECT_TCP_RST)
    say(page, "reject with tcp reset");
  else
    say(page, "reject");
}

static void read_nothing(struct page *page, const struct nft_attribute *body) {
  (void)page;
  (void)body;
}

/* The masking before a comparison: what is compared is only a part of what was loaded. */
static void read_bitwise(struct page *page, const struct nft_attribute *body) {
  size_t used = strlen(page->loaded);
  (void)body;
  snprintf(page->loaded + used, sizeof page->loaded - used, " & ...");
}

static void read_ct(struct page *page, const struct nft_attribute *body) {
  load(page, number_of(body, NFTA_CT_KEY) == NFT_CT_STATE ? "ct state" : "ct");
}

/* The extensions of iptables: the target's name stands for the whole. */
static void read_target(struct page *page, const struct nft_attribute *body) {
  struct nft_attribute found;
  char name[NAME_BYTES];
  nft_find(body->bytes, body->length, NFTA_TARGET_NAME, &found);
  nft_text(&found, name, sizeof name);
  say(page, "-j %s", name);
}

static void read_match(struct page *page, const struct nft_attribute *body) {
  struct nft_attribute found;
  char name[NAME_BYTES];
  nft_find(body->bytes, body->length, NFTA_MATCH_NAME, &found);
  nft_text(&found, name, sizeof name);
  say(page, "-m %s", name);
}

void nft_rule_text(const uint8_t *bytes, size_t length, char *out, size_t out_bytes) {
  static const struct {
    const char *name;
    void (*read)(struct page *page, const struct nft_attribute *body);
  } readers[] = {{"meta", read_meta},       {"payload", read_payload}, {"cmp", read_cmp},
                 {"lookup", read_lookup},   {"reject", read_reject},   {"immediate", read_immediate},
                 {"counter", read_nothing}, {"bitwise", read_bitwise}, {"ct", read_ct},
                 {"target", read_target},   {"match", read_match}};
  struct page page = {.out = out, .out_bytes = out_bytes, .protocol = "th"};
  struct nft_attribute element, name, body;
  out[0] = '\0';
  while (nft_next(&bytes, &length, &element)) {
    char word[NAME_BYTES];
    bool is_read = false;
    nft_find(element.bytes, element.length, NFTA_EXPR_NAME, &name);
    nft_text(&name, word, sizeof word);
    nft_find(element.bytes, element.length, NFTA_EXPR_DATA, &body);
    for (size_t i = 0; i < sizeof readers / sizeof readers[0] && !is_read; i++)
      if (strcmp(readers[i].name, word) == 0) {
        readers[i].read(&page, &body);
        is_read = true;
      }
    if (!is_read) say(&page, "<%s>", word);
  }
}
