/* See nft_field_linux.h. The names are nft(8)'s; the offsets are those of RFC 791, 8200, 9293 and 768. */
#include "client/check/firewall/nft_field_linux.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#define ADDRESS6_BYTES 16
#define ADDRESS_BYTES  4
#define WRITTEN_OCTETS 8 /* of a number */

struct nft_field nft_field_of_meta(uint32_t key) {
  static const struct {
    uint32_t key;
    struct nft_field field;
  } fields[] = {
      {NFT_META_L4PROTO, {"meta l4proto", NFT_FORM_PROTOCOL}},
      {NFT_META_NFPROTO, {"meta nfproto", NFT_FORM_FAMILY}},
      {NFT_META_PROTOCOL, {"meta protocol", NFT_FORM_ETHER_TYPE}},
      {NFT_META_IIFNAME, {"iifname", NFT_FORM_NAME}},
      {NFT_META_OIFNAME, {"oifname", NFT_FORM_NAME}},
      {NFT_META_IIF, {"iif", NFT_FORM_INTERFACE}},
      {NFT_META_OIF, {"oif", NFT_FORM_INTERFACE}},
      {NFT_META_MARK, {"meta mark", NFT_FORM_MARK}},
      {NFT_META_SKUID, {"meta skuid", NFT_FORM_HOST_NUMBER}},
      {NFT_META_SKGID, {"meta skgid", NFT_FORM_HOST_NUMBER}},
      {NFT_META_LEN, {"meta length", NFT_FORM_HOST_NUMBER}},
      {NFT_META_CPU, {"meta cpu", NFT_FORM_HOST_NUMBER}},
  };
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
    if (fields[i].key == key) return fields[i].field;
  return (struct nft_field){NULL, NFT_FORM_UNKNOWN};
}

struct nft_field nft_field_of_ct(uint32_t key) {
  if (key == NFT_CT_STATE) return (struct nft_field){"ct state", NFT_FORM_STATE};
  if (key == NFT_CT_DIRECTION) return (struct nft_field){"ct direction", NFT_FORM_DIRECTION};
  if (key == NFT_CT_MARK) return (struct nft_field){"ct mark", NFT_FORM_MARK};
  return (struct nft_field){NULL, NFT_FORM_UNKNOWN};
}

struct header_row {
  uint8_t protocol;
  uint32_t offset, length;
  struct nft_field field;
};

static struct nft_field find_row(const struct header_row *rows, size_t count, uint8_t protocol, uint32_t offset,
                                 uint32_t length) {
  for (size_t i = 0; i < count; i++)
    if (rows[i].protocol == protocol && rows[i].offset == offset && rows[i].length == length) return rows[i].field;
  return (struct nft_field){NULL, NFT_FORM_UNKNOWN};
}

static struct nft_field transport_field(uint8_t protocol, uint32_t offset, uint32_t length) {
  static const struct header_row rows[] = {
      {IPPROTO_TCP, 0, 2, {"tcp sport", NFT_FORM_NUMBER}},
      {IPPROTO_TCP, 2, 2, {"tcp dport", NFT_FORM_NUMBER}},
      {IPPROTO_TCP, 4, 4, {"tcp sequence", NFT_FORM_NUMBER}},
      {IPPROTO_TCP, 14, 2, {"tcp window", NFT_FORM_NUMBER}},
      {IPPROTO_UDP, 0, 2, {"udp sport", NFT_FORM_NUMBER}},
      {IPPROTO_UDP, 2, 2, {"udp dport", NFT_FORM_NUMBER}},
      {IPPROTO_UDP, 4, 2, {"udp length", NFT_FORM_NUMBER}},
      {IPPROTO_SCTP, 0, 2, {"sctp sport", NFT_FORM_NUMBER}},
      {IPPROTO_SCTP, 2, 2, {"sctp dport", NFT_FORM_NUMBER}},
      {IPPROTO_ICMP, 0, 1, {"icmp type", NFT_FORM_ICMP_TYPE}},
      {0, 0, 2, {"th sport", NFT_FORM_NUMBER}},
      {0, 2, 2, {"th dport", NFT_FORM_NUMBER}},
  };
  return find_row(rows, sizeof rows / sizeof rows[0], protocol, offset, length);
}

static struct nft_field network_field(uint8_t family, uint32_t offset, uint32_t length) {
  static const struct header_row rows[] = {
      {NFPROTO_IPV4, 2, 2, {"ip length", NFT_FORM_NUMBER}},    {NFPROTO_IPV4, 4, 2, {"ip id", NFT_FORM_NUMBER}},
      {NFPROTO_IPV4, 8, 1, {"ip ttl", NFT_FORM_NUMBER}},       {NFPROTO_IPV4, 9, 1, {"ip protocol", NFT_FORM_PROTOCOL}},
      {NFPROTO_IPV6, 4, 2, {"ip6 length", NFT_FORM_NUMBER}},   {NFPROTO_IPV6, 6, 1, {"ip6 nexthdr", NFT_FORM_PROTOCOL}},
      {NFPROTO_IPV6, 7, 1, {"ip6 hoplimit", NFT_FORM_NUMBER}},
  };
  bool is_4 = family == NFPROTO_IPV4 && length >= 1 && length <= ADDRESS_BYTES;
  bool is_6 = family == NFPROTO_IPV6 && length >= 1 && length <= ADDRESS6_BYTES;
  if (is_4 && (offset == 12 || offset == 16))
    return (struct nft_field){offset == 12 ? "ip saddr" : "ip daddr", NFT_FORM_ADDRESS};
  if (is_6 && (offset == 8 || offset == 24))
    return (struct nft_field){offset == 8 ? "ip6 saddr" : "ip6 daddr", NFT_FORM_ADDRESS6};
  return find_row(rows, sizeof rows / sizeof rows[0], family, offset, length);
}

struct nft_field nft_field_of_payload(uint32_t base, uint32_t offset, uint32_t length,
                                      const struct nft_packet_kind *kind) {
  if (base == NFT_PAYLOAD_TRANSPORT_HEADER) return transport_field(kind->protocol, offset, length);
  if (base == NFT_PAYLOAD_NETWORK_HEADER) return network_field(kind->family, offset, length);
  return (struct nft_field){NULL, NFT_FORM_UNKNOWN};
}

int nft_field_prefix(const uint8_t *mask, size_t length) {
  int prefix = 0;
  size_t bit = 0;
  for (; bit < 8 * length && (mask[bit / 8] >> (7 - bit % 8) & 1) != 0; bit++)
    prefix++;
  for (; bit < 8 * length; bit++)
    if ((mask[bit / 8] >> (7 - bit % 8) & 1) != 0) return -1;
  return prefix;
}

struct symbol {
  uint32_t number;
  const char *name;
};

static bool write_symbol(const struct symbol *symbols, size_t count, uint32_t number, char out[NFT_FIELD_TEXT_SIZE]) {
  for (size_t i = 0; i < count; i++)
    if (symbols[i].number == number) {
      snprintf(out, NFT_FIELD_TEXT_SIZE, "%s", symbols[i].name);
      return true;
    }
  return false;
}

#define WRITE_SYMBOL(symbols, number, out) write_symbol(symbols, sizeof(symbols) / sizeof(symbols)[0], number, out)

static bool write_address(int family, size_t whole, const uint8_t *value, size_t length,
                          char out[NFT_FIELD_TEXT_SIZE]) {
  uint8_t padded[ADDRESS6_BYTES] = {0};
  char text[INET6_ADDRSTRLEN];
  if (length > whole) return false;
  memcpy(padded, value, length);
  if (inet_ntop(family, padded, text, sizeof text) == NULL) return false;
  if (length == whole)
    snprintf(out, NFT_FIELD_TEXT_SIZE, "%s", text);
  else
    snprintf(out, NFT_FIELD_TEXT_SIZE, "%s/%zu", text, 8 * length);
  return true;
}

/* An interface's name of 16 bytes with its end mark; shorter, it is the beginning of one. */
static bool write_name(const uint8_t *value, size_t length, char out[NFT_FIELD_TEXT_SIZE]) {
  size_t used = strnlen((const char *)value, length);
  if (used == 0 || used > IF_NAMESIZE) return false;
  snprintf(out, NFT_FIELD_TEXT_SIZE, "\"%.*s%s\"", (int)used, (const char *)value, used == length ? "*" : "");
  return true;
}

static bool write_state(uint32_t bits, char out[NFT_FIELD_TEXT_SIZE]) {
  static const struct symbol states[] = {
      {1, "invalid"}, {8, "new"}, {2, "established"}, {4, "related"}, {64, "untracked"}};
  size_t used = 0;
  for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
    if ((bits & states[i].number) == 0) continue;
    used += (size_t)snprintf(out + used, NFT_FIELD_TEXT_SIZE - used, "%s%s", used > 0 ? "," : "", states[i].name);
    bits &= ~states[i].number;
  }
  return used > 0 && bits == 0;
}

static bool write_by_symbol(enum nft_form form, uint32_t number, char out[NFT_FIELD_TEXT_SIZE]) {
  static const struct symbol protocols[] = {{IPPROTO_ICMP, "icmp"}, {IPPROTO_TCP, "tcp"},
                                            {IPPROTO_UDP, "udp"},   {IPPROTO_ICMPV6, "ipv6-icmp"},
                                            {IPPROTO_SCTP, "sctp"}, {IPPROTO_ESP, "esp"}};
  static const struct symbol families[] = {{NFPROTO_IPV4, "ipv4"}, {NFPROTO_IPV6, "ipv6"}};
  static const struct symbol ether_types[] = {{0x0800, "ip"}, {0x86dd, "ip6"}};
  static const struct symbol directions[] = {{0, "original"}, {1, "reply"}};
  static const struct symbol icmp_types[] = {
      {0, "echo-reply"}, {3, "destination-unreachable"}, {8, "echo-request"}, {11, "time-exceeded"}};
  char name[IF_NAMESIZE];
  switch (form) {
    case NFT_FORM_PROTOCOL:
      return WRITE_SYMBOL(protocols, number, out);
    case NFT_FORM_FAMILY:
      return WRITE_SYMBOL(families, number, out);
    case NFT_FORM_ETHER_TYPE:
      return WRITE_SYMBOL(ether_types, number, out);
    case NFT_FORM_DIRECTION:
      return WRITE_SYMBOL(directions, number, out);
    case NFT_FORM_ICMP_TYPE:
      return WRITE_SYMBOL(icmp_types, number, out);
    case NFT_FORM_INTERFACE:
      if (if_indextoname(number, name) == NULL) return false;
      snprintf(out, NFT_FIELD_TEXT_SIZE, "\"%s\"", name);
      return true;
    case NFT_FORM_STATE:
      return write_state(number, out);
    case NFT_FORM_MARK:
      snprintf(out, NFT_FIELD_TEXT_SIZE, "0x%08x", number);
      return true;
    case NFT_FORM_HOST_NUMBER:
      snprintf(out, NFT_FIELD_TEXT_SIZE, "%u", number);
      return true;
    default:
      return false;
  }
}

bool nft_field_write(enum nft_form form, const uint8_t *value, size_t length, char out[NFT_FIELD_TEXT_SIZE]) {
  unsigned long long number = 0;
  uint32_t host = 0;
  if (form == NFT_FORM_ADDRESS) return write_address(AF_INET, ADDRESS_BYTES, value, length, out);
  if (form == NFT_FORM_ADDRESS6) return write_address(AF_INET6, ADDRESS6_BYTES, value, length, out);
  if (form == NFT_FORM_NAME) return write_name(value, length, out);
  if (length == 0 || length > WRITTEN_OCTETS) return false;
  for (size_t i = 0; i < length; i++)
    number = number << 8 | value[i];
  if (form == NFT_FORM_NUMBER) {
    snprintf(out, NFT_FIELD_TEXT_SIZE, "%llu", number);
    return true;
  }
  /* The kernel pads a single byte to four in its own order; a byte is a byte in either. */
  if (length == sizeof host)
    memcpy(&host, value, sizeof host);
  else if (length <= 2)
    host = (uint32_t)number;
  else
    return false;
  return write_by_symbol(form, host, out);
}
