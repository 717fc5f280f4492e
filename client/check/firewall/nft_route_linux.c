/* See nft_route_linux.h. The layouts of iptables' matches are the kernel's: linux/netfilter/xt_tcpudp.h. */
#include "client/check/firewall/nft_route_linux.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <string.h>

#include "client/check/firewall/nft_message_linux.h"
#include "client/check/firewall/nft_rule_facts_linux.h"

/* struct xt_tcp and xt_udp: the source's ports, the target's, and what is inverted. */
#define XT_TARGET_PORTS_OFFSET 4
#define XT_TCP_INVERTED_OFFSET 11
#define XT_UDP_INVERTED_OFFSET 8
#define XT_TARGET_INVERTED     0x02

enum loaded { LOADED_OTHER, LOADED_PROTOCOL, LOADED_TARGET_PORT, LOADED_TARGET };

struct reading {
  struct nft_route *route;
  enum loaded loaded;
  bool has_protocol, has_port, is_inverted;
};

static uint32_t number_of(const struct nft_attribute *body, unsigned type) {
  struct nft_attribute found;
  nft_find(body->bytes, body->length, type, &found);
  return nft_u32(&found);
}

static bool find_value(const struct nft_attribute *body, unsigned type, struct nft_attribute *value) {
  struct nft_attribute nested;
  return nft_find(body->bytes, body->length, type, &nested) &&
         nft_find(nested.bytes, nested.length, NFTA_DATA_VALUE, value);
}

static uint16_t port_of(const struct nft_attribute *value) {
  return value->length == 2 ? (uint16_t)(value->bytes[0] << 8 | value->bytes[1]) : 0;
}

static void set_address(struct sockaddr_storage *address, const uint8_t *bytes, size_t length) {
  memset(address, 0, sizeof *address);
  address->ss_family = length == 4 ? AF_INET : AF_INET6;
  if (length == 4)
    memcpy(&((struct sockaddr_in *)address)->sin_addr, bytes, 4);
  else
    memcpy(&((struct sockaddr_in6 *)address)->sin6_addr, bytes, 16);
}

static void take_protocol(struct reading *reading, unsigned protocol) {
  reading->has_protocol = protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
  reading->route->transport = protocol == IPPROTO_UDP ? TRANSPORT_UDP : TRANSPORT_TCP;
}

static void take_ports(struct reading *reading, uint16_t first, uint16_t last) {
  reading->route->first_port = first;
  reading->route->last_port = last;
  reading->has_port = first != 0 && last >= first;
}

static enum loaded loaded_of(const struct nft_attribute *body) {
  uint32_t base = number_of(body, NFTA_PAYLOAD_BASE), offset = number_of(body, NFTA_PAYLOAD_OFFSET);
  uint32_t length = number_of(body, NFTA_PAYLOAD_LEN);
  if (base == NFT_PAYLOAD_TRANSPORT_HEADER) return offset == 2 && length == 2 ? LOADED_TARGET_PORT : LOADED_OTHER;
  if (base != NFT_PAYLOAD_NETWORK_HEADER) return LOADED_OTHER;
  if (offset == 9 && length == 1) return LOADED_PROTOCOL;
  return (length == 4 && offset == 16) || (length == 16 && offset == 24) ? LOADED_TARGET : LOADED_OTHER;
}

static void read_cmp(struct reading *reading, const struct nft_attribute *body) {
  struct nft_attribute value;
  struct nft_route *route = reading->route;
  uint32_t operation = number_of(body, NFTA_CMP_OP);
  if (reading->loaded == LOADED_OTHER || !find_value(body, NFTA_CMP_DATA, &value)) return;
  if (reading->loaded == LOADED_TARGET_PORT && operation == NFT_CMP_GTE)
    take_ports(reading, port_of(&value), route->last_port != 0 ? route->last_port : UINT16_MAX);
  else if (reading->loaded == LOADED_TARGET_PORT && operation == NFT_CMP_LTE)
    take_ports(reading, route->first_port != 0 ? route->first_port : 1, port_of(&value));
  else if (operation != NFT_CMP_EQ)
    reading->is_inverted = reading->is_inverted || reading->loaded != LOADED_TARGET;
  else if (reading->loaded == LOADED_TARGET_PORT)
    take_ports(reading, port_of(&value), port_of(&value));
  else if (reading->loaded == LOADED_PROTOCOL && value.length >= 1)
    take_protocol(reading, value.bytes[0]);
  else if (reading->loaded == LOADED_TARGET && (value.length == 4 || value.length == 16))
    set_address(&route->listen, value.bytes, value.length);
}

static void read_range(struct reading *reading, const struct nft_attribute *body) {
  struct nft_attribute from, to;
  if (reading->loaded != LOADED_TARGET_PORT || number_of(body, NFTA_RANGE_OP) != NFT_RANGE_EQ ||
      !find_value(body, NFTA_RANGE_FROM_DATA, &from) || !find_value(body, NFTA_RANGE_TO_DATA, &to))
    return;
  take_ports(reading, port_of(&from), port_of(&to));
}

static void read_match(struct reading *reading, const struct nft_attribute *body) {
  struct nft_attribute found, info;
  char name[32];
  uint16_t ports[2];
  nft_find(body->bytes, body->length, NFTA_MATCH_NAME, &found);
  nft_text(&found, name, sizeof name);
  nft_find(body->bytes, body->length, NFTA_MATCH_INFO, &info);
  bool is_udp = strcmp(name, "udp") == 0;
  size_t inverted_offset = is_udp ? XT_UDP_INVERTED_OFFSET : XT_TCP_INVERTED_OFFSET;
  if ((!is_udp && strcmp(name, "tcp") != 0) || info.length <= inverted_offset) return;
  take_protocol(reading, is_udp ? IPPROTO_UDP : IPPROTO_TCP);
  if ((info.bytes[inverted_offset] & XT_TARGET_INVERTED) != 0) {
    reading->is_inverted = true;
    return;
  }
  memcpy(ports, info.bytes + XT_TARGET_PORTS_OFFSET, sizeof ports);
  /* All ports: the match names none. */
  if (ports[0] != 0 || ports[1] != UINT16_MAX) take_ports(reading, ports[0], ports[1]);
}

static void read_verdict(struct nft_route *route, const struct nft_attribute *body) {
  struct nft_attribute nested, verdict, chain;
  if (!nft_find(body->bytes, body->length, NFTA_IMMEDIATE_DATA, &nested) ||
      !nft_find(nested.bytes, nested.length, NFTA_DATA_VERDICT, &verdict) ||
      !nft_find(verdict.bytes, verdict.length, NFTA_VERDICT_CHAIN, &chain))
    return;
  nft_text(&chain, route->jump, sizeof route->jump);
}

static void read_expression(struct reading *reading, const char *name, const struct nft_attribute *body) {
  if (strcmp(name, "payload") == 0) reading->loaded = loaded_of(body);
  if (strcmp(name, "meta") == 0)
    reading->loaded = number_of(body, NFTA_META_KEY) == NFT_META_L4PROTO ? LOADED_PROTOCOL : LOADED_OTHER;
  if (strcmp(name, "bitwise") == 0 || strcmp(name, "ct") == 0 || strcmp(name, "fib") == 0)
    reading->loaded = LOADED_OTHER;
  if (strcmp(name, "cmp") == 0) read_cmp(reading, body);
  if (strcmp(name, "range") == 0) read_range(reading, body);
  if (strcmp(name, "match") == 0) read_match(reading, body);
  if (strcmp(name, "immediate") == 0) read_verdict(reading->route, body);
}

void nft_route_read(const uint8_t *bytes, size_t length, struct nft_route *route) {
  struct reading reading = {.route = route};
  struct nft_rule_facts facts;
  struct nft_attribute element, name, body;
  memset(route, 0, sizeof *route);
  nft_rule_facts_read(bytes, length, 0, &facts);
  while (nft_next(&bytes, &length, &element)) {
    char word[32];
    nft_find(element.bytes, element.length, NFTA_EXPR_NAME, &name);
    nft_text(&name, word, sizeof word);
    nft_find(element.bytes, element.length, NFTA_EXPR_DATA, &body);
    read_expression(&reading, word, &body);
  }
  route->is_publishing = facts.sends_on && reading.has_protocol && reading.has_port && !reading.is_inverted;
  if (facts.has_address) set_address(&route->target, facts.address, facts.address_bytes);
  route->target_port = facts.port;
}
