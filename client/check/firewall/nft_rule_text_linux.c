/*
 * From the expressions of a rule to words. nftables loads a value into a register, may mask it, and compares it in the
 * next expression; what a register holds is kept until then. A comparison that a later one implies ("meta l4proto tcp"
 * before "tcp dport") is not written, as nft does not.
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

#include "client/check/firewall/nft_field_linux.h"
#include "client/check/firewall/nft_message_linux.h"
#include "client/check/firewall/nft_statement_linux.h"

static bool is_implied(enum nft_form form) {
  return form == NFT_FORM_PROTOCOL || form == NFT_FORM_FAMILY || form == NFT_FORM_ETHER_TYPE;
}

/* What a comparison with `value` makes known of the packet. */
static void learn(struct nft_page *page, const struct nft_field *field, const struct nft_attribute *value) {
  if (value->length < 1) return;
  if (field->form == NFT_FORM_PROTOCOL) page->kind.protocol = value->bytes[0];
  if (field->form == NFT_FORM_FAMILY) page->kind.family = value->bytes[0];
  if (field->form == NFT_FORM_ETHER_TYPE && value->length == 2)
    page->kind.family = value->bytes[0] == 0x08 ? NFPROTO_IPV4 : NFPROTO_IPV6;
}

static void read_meta(struct nft_page *page, const struct nft_attribute *body) {
  struct nft_attribute found;
  if (nft_find(body->bytes, body->length, NFTA_META_DREG, &found)) {
    nft_page_load(page, nft_u32(&found), nft_field_of_meta(nft_page_number(body, NFTA_META_KEY)));
    return;
  }
  nft_page_say_unknown(page);
}

static void read_ct(struct nft_page *page, const struct nft_attribute *body) {
  struct nft_attribute found, direction;
  struct nft_field unknown = {NULL, NFT_FORM_UNKNOWN};
  if (nft_find(body->bytes, body->length, NFTA_CT_DREG, &found)) {
    bool has_direction = nft_find(body->bytes, body->length, NFTA_CT_DIRECTION, &direction);
    nft_page_load(page, nft_u32(&found), has_direction ? unknown : nft_field_of_ct(nft_page_number(body, NFTA_CT_KEY)));
    return;
  }
  nft_page_say_unknown(page);
}

static void read_payload(struct nft_page *page, const struct nft_attribute *body) {
  struct nft_attribute found;
  uint32_t base = nft_page_number(body, NFTA_PAYLOAD_BASE);
  if (!nft_find(body->bytes, body->length, NFTA_PAYLOAD_DREG, &found)) {
    nft_page_say_unknown(page);
    return;
  }
  struct nft_field field = nft_field_of_payload(base, nft_page_number(body, NFTA_PAYLOAD_OFFSET),
                                                nft_page_number(body, NFTA_PAYLOAD_LEN), &page->kind);
  if (base != NFT_PAYLOAD_LL_HEADER)
    nft_page_drop_implied(page, base == NFT_PAYLOAD_TRANSPORT_HEADER, field.name != NULL);
  if (field.form == NFT_FORM_ICMP_TYPE) nft_page_drop_implied(page, false, true);
  nft_page_load(page, nft_u32(&found), field);
  page->loaded.length = nft_page_number(body, NFTA_PAYLOAD_LEN);
}

static bool find_value(const struct nft_attribute *body, unsigned type, struct nft_attribute *value) {
  struct nft_attribute nested;
  return nft_find(body->bytes, body->length, type, &nested) &&
         nft_find(nested.bytes, nested.length, NFTA_DATA_VALUE, value);
}

/* Is every byte zero? */
static bool is_zero(const struct nft_attribute *value) {
  for (size_t i = 0; i < value->length; i++)
    if (value->bytes[i] != 0) return false;
  return true;
}

/* A masked value is understood where the mask is a prefix of an address, or picks states of a connection. */
static bool write_masked(struct nft_page *page, uint32_t operator_number, const struct nft_attribute *value,
                         char out[NFT_FIELD_TEXT_SIZE]) {
  const struct nft_loaded *loaded = &page->loaded;
  char address[NFT_FIELD_TEXT_SIZE];
  if (loaded->field.form == NFT_FORM_STATE)
    return operator_number == NFT_CMP_NEQ && is_zero(value) && loaded->mask_length == 4 &&
           nft_field_write(NFT_FORM_STATE, loaded->mask, loaded->mask_length, out);
  bool is_address = loaded->field.form == NFT_FORM_ADDRESS || loaded->field.form == NFT_FORM_ADDRESS6;
  int prefix = nft_field_prefix(loaded->mask, loaded->mask_length);
  if (!is_address || prefix < 0 || value->length != loaded->mask_length || operator_number > NFT_CMP_NEQ) return false;
  if (value->length != (loaded->field.form == NFT_FORM_ADDRESS ? 4u : 16u)) return false;
  if (!nft_field_write(loaded->field.form, value->bytes, value->length, address)) return false;
  return snprintf(out, NFT_FIELD_TEXT_SIZE, "%.80s/%d", address, prefix) > 0;
}

static void read_cmp(struct nft_page *page, const struct nft_attribute *body) {
  static const char *const operators[] = {[NFT_CMP_EQ] = "",     [NFT_CMP_NEQ] = "!= ", [NFT_CMP_LT] = "< ",
                                          [NFT_CMP_LTE] = "<= ", [NFT_CMP_GT] = "> ",   [NFT_CMP_GTE] = ">= "};
  struct nft_loaded loaded = page->loaded;
  struct nft_attribute value;
  char text[NFT_FIELD_TEXT_SIZE];
  uint32_t operator_number = nft_page_number(body, NFTA_CMP_OP);
  bool is_right_register = loaded.is_loaded && nft_page_number(body, NFTA_CMP_SREG) == loaded.register_number;
  if (!is_right_register || loaded.field.name == NULL || operator_number > NFT_CMP_GTE ||
      !find_value(body, NFTA_CMP_DATA, &value)) {
    nft_page_say_unknown(page);
    return;
  }
  bool is_written = loaded.mask_length > 0 ? write_masked(page, operator_number, &value, text)
                                           : nft_field_write(loaded.field.form, value.bytes, value.length, text);
  if (!is_written) {
    nft_page_say_unknown(page);
    return;
  }
  /* The two ends of a range, one after the other. */
  if (operator_number == NFT_CMP_LTE && nft_page_close_range(page, loaded.field.name, text)) return;
  if (loaded.field.form == NFT_FORM_STATE) operator_number = NFT_CMP_EQ;
  nft_page_say(page, "%s %s%s", loaded.field.name, operators[operator_number], text);
  if (operator_number == NFT_CMP_GTE) nft_page_open_range(page, text);
  if (operator_number != NFT_CMP_EQ || loaded.mask_length > 0) return;
  learn(page, &loaded.field, &value);
  if (is_implied(loaded.field.form)) nft_page_mark_implied(page, loaded.field.form == NFT_FORM_PROTOCOL);
}

static void read_range(struct nft_page *page, const struct nft_attribute *body) {
  struct nft_attribute from, to;
  char first[NFT_FIELD_TEXT_SIZE], last[NFT_FIELD_TEXT_SIZE];
  const struct nft_field *field = &page->loaded.field;
  bool is_range = page->loaded.is_loaded && field->name != NULL && page->loaded.mask_length == 0 &&
                  find_value(body, NFTA_RANGE_FROM_DATA, &from) && find_value(body, NFTA_RANGE_TO_DATA, &to) &&
                  nft_field_write(field->form, from.bytes, from.length, first) &&
                  nft_field_write(field->form, to.bytes, to.length, last);
  if (!is_range)
    nft_page_say_unknown(page);
  else
    nft_page_say(page, "%s %s%s-%s", field->name, nft_page_number(body, NFTA_RANGE_OP) == NFT_RANGE_NEQ ? "!= " : "",
                 first, last);
}

/* A value in a register becomes the wire's order: its number is read as such from now on. */
static void read_byteorder(struct nft_page *page, const struct nft_attribute *body) {
  struct nft_loaded *loaded = &page->loaded;
  bool is_known = loaded->is_loaded && nft_page_number(body, NFTA_BYTEORDER_SREG) == loaded->register_number &&
                  nft_page_number(body, NFTA_BYTEORDER_OP) == NFT_BYTEORDER_HTON &&
                  loaded->field.form == NFT_FORM_HOST_NUMBER;
  if (!is_known)
    loaded->field.name = NULL;
  else
    loaded->field.form = NFT_FORM_NUMBER;
  loaded->register_number = nft_page_number(body, NFTA_BYTEORDER_DREG);
}

static void read_bitwise(struct nft_page *page, const struct nft_attribute *body) {
  struct nft_attribute mask, other;
  struct nft_loaded *loaded = &page->loaded;
  bool is_plain = find_value(body, NFTA_BITWISE_MASK, &mask) && find_value(body, NFTA_BITWISE_XOR, &other) &&
                  is_zero(&other) && mask.length <= sizeof loaded->mask && loaded->mask_length == 0 &&
                  nft_page_number(body, NFTA_BITWISE_SREG) == loaded->register_number;
  loaded->register_number = nft_page_number(body, NFTA_BITWISE_DREG);
  if (!is_plain) {
    loaded->field.name = NULL;
    return;
  }
  memcpy(loaded->mask, mask.bytes, mask.length);
  loaded->mask_length = mask.length;
}

static void read_lookup(struct nft_page *page, const struct nft_attribute *body) {
  struct nft_attribute found;
  char set[NFT_STATEMENT_SIZE / 2];
  const struct nft_loaded *loaded = &page->loaded;
  bool is_inverted = (nft_page_number(body, NFTA_LOOKUP_FLAGS) & NFT_LOOKUP_F_INV) != 0;
  bool is_map = nft_find(body->bytes, body->length, NFTA_LOOKUP_DREG, &found);
  bool is_verdict_map = is_map && nft_u32(&found) == NFT_REG_VERDICT;
  nft_find(body->bytes, body->length, NFTA_LOOKUP_SET, &found);
  nft_text(&found, set, sizeof set);
  /* Of several values side by side only the last is known here. */
  bool is_known = loaded->is_loaded && loaded->field.name != NULL && loaded->mask_length == 0 && loaded->count == 1 &&
                  nft_page_number(body, NFTA_LOOKUP_SREG) == loaded->register_number;
  if (is_map && !is_verdict_map) {
    nft_page_load(page, 0, (struct nft_field){NULL, NFT_FORM_UNKNOWN});
    return;
  }
  if (!is_known) {
    nft_page_say_unknown(page);
    return;
  }
  /* A set without a name of its own is written out where it is used. */
  bool is_anonymous = strncmp(set, "__set", 5) == 0 || strncmp(set, "__map", 5) == 0;
  nft_page_say(page, "%s %s%s%s%s", loaded->field.name, is_inverted ? "!= " : "", is_verdict_map ? "vmap " : "",
               is_anonymous ? "{ ... }" : "@", is_anonymous ? "" : set);
}

void nft_rule_text(unsigned family, const uint8_t *bytes, size_t length, char *out, size_t out_bytes) {
  static const struct {
    const char *name;
    void (*read)(struct nft_page *page, const struct nft_attribute *body);
  } readers[] = {
      {"meta", read_meta},           {"payload", read_payload}, {"cmp", read_cmp},       {"range", read_range},
      {"byteorder", read_byteorder}, {"bitwise", read_bitwise}, {"lookup", read_lookup}, {"ct", read_ct}};
  struct nft_page page;
  struct nft_attribute element, name, body;
  memset(&page, 0, sizeof page);
  if (family == NFPROTO_IPV4 || family == NFPROTO_IPV6) page.kind.family = (uint8_t)family;
  page.table_family = family;
  while (nft_next(&bytes, &length, &element)) {
    char word[32];
    size_t i = 0;
    nft_find(element.bytes, element.length, NFTA_EXPR_NAME, &name);
    nft_text(&name, word, sizeof word);
    nft_find(element.bytes, element.length, NFTA_EXPR_DATA, &body);
    while (i < sizeof readers / sizeof readers[0] && strcmp(readers[i].name, word) != 0)
      i++;
    if (i < sizeof readers / sizeof readers[0])
      readers[i].read(&page, &body);
    else
      nft_statement_read(&page, word, &body);
  }
  nft_page_join(&page, out, out_bytes);
}
