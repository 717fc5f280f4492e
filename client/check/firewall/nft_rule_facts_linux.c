/* See nft_rule_facts_linux.h. The layouts of iptables' targets are the kernel's: linux/netfilter/nf_nat.h, xt_TPROXY.h.
 */
#include "client/check/firewall/nft_rule_facts_linux.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <stdio.h>
#include <string.h>

#include "client/check/firewall/nft_message_linux.h"

#define COMMENT_TYPE   0 /* libnftnl, udata.h: NFTNL_UDATA_RULE_COMMENT */
#define REGISTERS_MAX  4
#define REGISTER_BYTES 16

enum loaded { LOADED_OTHER, LOADED_TARGET_PORT, LOADED_SOURCE_PORT, LOADED_TARGET, LOADED_SOURCE };

struct registers {
  enum loaded loaded;
  size_t count;
  struct {
    uint32_t number;
    uint8_t bytes[REGISTER_BYTES];
    size_t length;
  } values[REGISTERS_MAX];
};

static uint32_t number_of(const struct nft_attribute *body, unsigned type) {
  struct nft_attribute found;
  nft_find(body->bytes, body->length, type, &found);
  return nft_u32(&found);
}

static enum loaded loaded_of(const struct nft_attribute *body) {
  uint32_t base = number_of(body, NFTA_PAYLOAD_BASE), offset = number_of(body, NFTA_PAYLOAD_OFFSET);
  uint32_t length = number_of(body, NFTA_PAYLOAD_LEN);
  if (base == NFT_PAYLOAD_TRANSPORT_HEADER && length == 2 && offset <= 2)
    return offset == 2 ? LOADED_TARGET_PORT : LOADED_SOURCE_PORT;
  if (base != NFT_PAYLOAD_NETWORK_HEADER) return LOADED_OTHER;
  if ((length == 4 && offset == 12) || (length == 16 && offset == 8)) return LOADED_SOURCE;
  if ((length == 4 && offset == 16) || (length == 16 && offset == 24)) return LOADED_TARGET;
  return LOADED_OTHER;
}

static void read_cmp(struct registers *registers, const struct nft_attribute *body, uint16_t port,
                     struct nft_rule_facts *facts) {
  struct nft_attribute nested, value;
  bool is_port = registers->loaded == LOADED_TARGET_PORT || registers->loaded == LOADED_SOURCE_PORT;
  if (!is_port || number_of(body, NFTA_CMP_OP) != NFT_CMP_EQ ||
      !nft_find(body->bytes, body->length, NFTA_CMP_DATA, &nested) ||
      !nft_find(nested.bytes, nested.length, NFTA_DATA_VALUE, &value) || value.length != 2 ||
      (value.bytes[0] << 8 | value.bytes[1]) != port)
    return;
  if (registers->loaded == LOADED_TARGET_PORT)
    facts->names_target_port = true;
  else
    facts->names_source_port = true;
}

static void read_lookup(const struct registers *registers, const struct nft_attribute *body,
                        struct nft_rule_facts *facts) {
  struct nft_attribute found;
  bool is_address = registers->loaded == LOADED_SOURCE || registers->loaded == LOADED_TARGET;
  bool is_map = nft_find(body->bytes, body->length, NFTA_LOOKUP_DREG, &found);
  if (!is_address || is_map || (number_of(body, NFTA_LOOKUP_FLAGS) & NFT_LOOKUP_F_INV) != 0) return;
  nft_find(body->bytes, body->length, NFTA_LOOKUP_SET, &found);
  nft_text(&found, facts->set, sizeof facts->set);
  facts->set_takes_source = registers->loaded == LOADED_SOURCE;
}

static void read_immediate(struct registers *registers, const struct nft_attribute *body) {
  struct nft_attribute nested, value;
  if (registers->count == REGISTERS_MAX || !nft_find(body->bytes, body->length, NFTA_IMMEDIATE_DATA, &nested) ||
      !nft_find(nested.bytes, nested.length, NFTA_DATA_VALUE, &value) || value.length > REGISTER_BYTES)
    return;
  registers->values[registers->count].number = number_of(body, NFTA_IMMEDIATE_DREG);
  registers->values[registers->count].length = value.length;
  memcpy(registers->values[registers->count++].bytes, value.bytes, value.length);
}

static void take_address(struct nft_rule_facts *facts, const uint8_t *bytes, size_t length) {
  static const uint8_t none[16];
  if ((length != 4 && length != 16) || memcmp(bytes, none, length) == 0) return;
  memcpy(facts->address, bytes, length);
  facts->address_bytes = length;
  facts->has_address = true;
}

static void take_port(struct nft_rule_facts *facts, const uint8_t *bytes) {
  facts->port = (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* What the register that the attribute names was set to. */
static bool find_value(const struct registers *registers, const struct nft_attribute *body, unsigned type,
                       const uint8_t **bytes, size_t *length) {
  struct nft_attribute found;
  if (!nft_find(body->bytes, body->length, type, &found)) return false;
  for (size_t i = registers->count; i > 0; i--)
    if (registers->values[i - 1].number == nft_u32(&found)) {
      *bytes = registers->values[i - 1].bytes;
      *length = registers->values[i - 1].length;
      return true;
    }
  return false;
}

static void read_sending(const struct registers *registers, const struct nft_attribute *body, unsigned address_type,
                         unsigned port_type, struct nft_rule_facts *facts) {
  const uint8_t *bytes;
  size_t length;
  facts->sends_on = true;
  if (address_type != 0 && find_value(registers, body, address_type, &bytes, &length))
    take_address(facts, bytes, length);
  if (find_value(registers, body, port_type, &bytes, &length) && length >= 2) take_port(facts, bytes);
}

/* IPv4's older layout: how many ranges (1), flags, address twice, port twice. Later ones: flags, address twice of 16
 * bytes each, port twice. */
static void read_nat_target(const uint8_t *info, size_t length, bool is_old, struct nft_rule_facts *facts) {
  size_t port_offset = is_old ? 16 : 36;
  facts->sends_on = true;
  if (length < port_offset + 2) return;
  if (is_old)
    take_address(facts, info + 8, 4);
  else if (memcmp(info + 8, "\0\0\0\0\0\0\0\0\0\0\0\0", 12) == 0)
    take_address(facts, info + 4, 4);
  else
    take_address(facts, info + 4, 16);
  take_port(facts, info + port_offset);
}

static void read_target(const struct nft_attribute *body, struct nft_rule_facts *facts) {
  struct nft_attribute found, info;
  char name[32];
  facts->has_extension = true;
  nft_find(body->bytes, body->length, NFTA_TARGET_NAME, &found);
  nft_text(&found, name, sizeof name);
  nft_find(body->bytes, body->length, NFTA_TARGET_INFO, &info);
  uint32_t revision = number_of(body, NFTA_TARGET_REV);
  if (strcmp(name, "DNAT") == 0) read_nat_target(info.bytes, info.length, revision == 0, facts);
  if (strcmp(name, "REDIRECT") == 0) read_nat_target(info.bytes, info.length, info.length < 36, facts);
  if (strcmp(name, "TPROXY") == 0) {
    size_t port_offset = revision == 0 ? 12 : 24;
    facts->sends_on = true;
    if (info.length >= port_offset + 2) take_port(facts, info.bytes + port_offset);
  }
}

static void read_match(const struct nft_attribute *body, struct nft_rule_facts *facts) {
  struct nft_attribute found;
  char name[32];
  facts->has_extension = true;
  nft_find(body->bytes, body->length, NFTA_MATCH_NAME, &found);
  nft_text(&found, name, sizeof name);
  if (strcmp(name, "owner") == 0) facts->is_by_user = true;
}

static void read_meta(struct registers *registers, const struct nft_attribute *body, struct nft_rule_facts *facts) {
  uint32_t key = number_of(body, NFTA_META_KEY);
  registers->loaded = LOADED_OTHER;
  if (key == NFT_META_SKUID || key == NFT_META_SKGID) facts->is_by_user = true;
}

static void read_expression(const char *name, const struct nft_attribute *body, uint16_t port,
                            struct registers *registers, struct nft_rule_facts *facts) {
  if (strcmp(name, "payload") == 0) registers->loaded = loaded_of(body);
  if (strcmp(name, "bitwise") == 0 || strcmp(name, "ct") == 0) registers->loaded = LOADED_OTHER;
  if (strcmp(name, "meta") == 0) read_meta(registers, body, facts);
  if (strcmp(name, "cmp") == 0) read_cmp(registers, body, port, facts);
  if (strcmp(name, "lookup") == 0) read_lookup(registers, body, facts);
  if (strcmp(name, "immediate") == 0) read_immediate(registers, body);
  if (strcmp(name, "target") == 0) read_target(body, facts);
  if (strcmp(name, "match") == 0) read_match(body, facts);
  if (strcmp(name, "nat") == 0 && number_of(body, NFTA_NAT_TYPE) == NFT_NAT_DNAT)
    read_sending(registers, body, NFTA_NAT_REG_ADDR_MIN, NFTA_NAT_REG_PROTO_MIN, facts);
  if (strcmp(name, "redir") == 0) read_sending(registers, body, 0, NFTA_REDIR_REG_PROTO_MIN, facts);
  if (strcmp(name, "tproxy") == 0) read_sending(registers, body, NFTA_TPROXY_REG_ADDR, NFTA_TPROXY_REG_PORT, facts);
}

void nft_rule_facts_read(const uint8_t *bytes, size_t length, uint16_t port, struct nft_rule_facts *facts) {
  struct registers registers = {.loaded = LOADED_OTHER};
  struct nft_attribute element, name, body;
  memset(facts, 0, sizeof *facts);
  while (nft_next(&bytes, &length, &element)) {
    char word[32];
    nft_find(element.bytes, element.length, NFTA_EXPR_NAME, &name);
    nft_text(&name, word, sizeof word);
    nft_find(element.bytes, element.length, NFTA_EXPR_DATA, &body);
    read_expression(word, &body, port, &registers, facts);
  }
}

/* Each entry: a type, a length, so many bytes. */
void nft_rule_comment_read(const uint8_t *bytes, size_t length, char out[RULE_COMMENT_SIZE]) {
  out[0] = '\0';
  while (length >= 2 && length - 2 >= bytes[1]) {
    struct nft_attribute text = {.bytes = bytes + 2, .length = bytes[1]};
    if (bytes[0] == COMMENT_TYPE) {
      nft_text(&text, out, RULE_COMMENT_SIZE);
      return;
    }
    length -= 2u + text.length;
    bytes += 2u + text.length;
  }
}
