/* See nft_statement_linux.h. */
#include "client/check/firewall/nft_statement_linux.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define USUAL_BURST 5 /* nft does not write it */

uint32_t nft_page_number(const struct nft_attribute *body, unsigned type) {
  struct nft_attribute found;
  nft_find(body->bytes, body->length, type, &found);
  return nft_u32(&found);
}

void nft_page_load(struct nft_page *page, uint32_t register_number, struct nft_field field) {
  unsigned count = page->loaded.is_loaded ? page->loaded.count + 1 : 1;
  memset(&page->loaded, 0, sizeof page->loaded);
  page->has_range = false;
  page->loaded.is_loaded = true;
  page->loaded.register_number = register_number;
  page->loaded.field = field;
  page->loaded.count = count;
}

static struct nft_statement *add(struct nft_page *page) {
  page->has_range = false;
  page->loaded.count = 0;
  if (page->count == NFT_STATEMENTS_MAX) return NULL;
  return &page->statements[page->count++];
}

void nft_page_say(struct nft_page *page, const char *format, ...) {
  va_list values;
  struct nft_statement *statement = add(page);
  if (statement == NULL) return;
  va_start(values, format);
  int length = vsnprintf(statement->text, sizeof statement->text, format, values);
  va_end(values);
  statement->is_unknown = length < 0 || (size_t)length >= sizeof statement->text;
}

void nft_page_say_unknown(struct nft_page *page) {
  struct nft_statement *statement = add(page);
  if (statement != NULL) statement->is_unknown = true;
}

void nft_page_mark_implied(struct nft_page *page, bool is_protocol) {
  if (page->count == 0) return;
  struct nft_statement *last = &page->statements[page->count - 1];
  last->is_implied_protocol = is_protocol;
  last->is_implied_family = !is_protocol;
}

void nft_page_drop_implied(struct nft_page *page, bool is_protocol, bool is_known) {
  for (size_t i = 0; i < page->count; i++) {
    struct nft_statement *statement = &page->statements[i];
    if (is_protocol ? statement->is_implied_protocol : statement->is_implied_family)
      *(is_known ? &statement->is_left_out : &statement->is_unknown) = true;
  }
}

void nft_page_open_range(struct nft_page *page, const char *from) {
  page->has_range = page->count > 0;
  snprintf(page->range_from, sizeof page->range_from, "%s", from);
}

bool nft_page_close_range(struct nft_page *page, const char *name, const char *to) {
  if (!page->has_range) return false;
  struct nft_statement *last = &page->statements[page->count - 1];
  if (strncmp(last->text, name, strlen(name)) != 0) return false;
  snprintf(last->text, sizeof last->text, "%s %s-%s", name, page->range_from, to);
  page->has_range = false;
  return true;
}

static bool append(char *out, size_t out_bytes, size_t *used, const char *text) {
  size_t length = strlen(text), blank = *used > 0 ? 1 : 0;
  if (*used + blank + length + 1 > out_bytes) return false;
  snprintf(out + *used, out_bytes - *used, "%s%s", blank > 0 ? " " : "", text);
  *used += blank + length;
  return true;
}

void nft_page_join(const struct nft_page *page, char *out, size_t out_bytes) {
  static const char unknown[] = "...";
  size_t used = 0;
  bool was_unknown = false;
  out[0] = '\0';
  for (size_t i = 0; i < page->count; i++) {
    const struct nft_statement *statement = &page->statements[i];
    if (statement->is_left_out || (statement->is_unknown && was_unknown)) continue;
    was_unknown = statement->is_unknown;
    /* Room for the dots is kept, so that a cut is seen. */
    bool fits = append(out, out_bytes > sizeof unknown ? out_bytes - sizeof unknown : 0, &used,
                       was_unknown ? unknown : statement->text);
    if (fits) continue;
    (void)append(out, out_bytes, &used, unknown);
    return;
  }
  if (page->count == NFT_STATEMENTS_MAX && !was_unknown) (void)append(out, out_bytes, &used, unknown);
}

static void read_immediate(struct nft_page *page, const struct nft_attribute *body) {
  static const struct {
    int code;
    const char *name;
  } codes[] = {{NF_DROP, "drop"}, {NF_ACCEPT, "accept"}, {NFT_RETURN, "return"}, {NFT_CONTINUE, "continue"}};
  struct nft_attribute nested, verdict, code, found;
  char name[NFT_STATEMENT_SIZE - 16];
  if (!nft_find(body->bytes, body->length, NFTA_IMMEDIATE_DATA, &nested)) return;
  if (nft_find(nested.bytes, nested.length, NFTA_DATA_VALUE, &found)) {
    if (page->immediate_count == sizeof page->immediate / sizeof page->immediate[0] || found.length > 16) return;
    page->immediate[page->immediate_count].register_number = nft_page_number(body, NFTA_IMMEDIATE_DREG);
    page->immediate[page->immediate_count].length = found.length;
    memcpy(page->immediate[page->immediate_count++].bytes, found.bytes, found.length);
    return;
  }
  nft_find(nested.bytes, nested.length, NFTA_DATA_VERDICT, &verdict);
  nft_find(verdict.bytes, verdict.length, NFTA_VERDICT_CODE, &code);
  nft_find(verdict.bytes, verdict.length, NFTA_VERDICT_CHAIN, &found);
  nft_text(&found, name, sizeof name);
  int number = (int)nft_u32(&code);
  for (size_t i = 0; code.length > 0 && i < sizeof codes / sizeof codes[0]; i++)
    if (codes[i].code == number) {
      nft_page_say(page, "%s", codes[i].name);
      return;
    }
  if (number == NFT_JUMP || number == NFT_GOTO)
    nft_page_say(page, "%s %s", number == NFT_JUMP ? "jump" : "goto", name);
  else
    nft_page_say_unknown(page);
}

static const char *code_name(const char *const *names, size_t count, uint32_t code) {
  return code < count ? names[code] : NULL;
}

static void read_reject(struct nft_page *page, const struct nft_attribute *body) {
  static const char *const icmp[] = {"net-unreachable",        "host-unreachable",     "prot-unreachable",
                                     "port-unreachable",       [9] = "net-prohibited", "host-prohibited",
                                     [13] = "admin-prohibited"};
  static const char *const icmpv6[] = {"no-route",         "admin-prohibited", NULL,          "addr-unreachable",
                                       "port-unreachable", "policy-fail",      "reject-route"};
  static const char *const icmpx[] = {"no-route", "port-unreachable", "host-unreachable", "admin-prohibited"};
  uint32_t type = nft_page_number(body, NFTA_REJECT_TYPE);
  struct nft_attribute code;
  bool is_6 = page->kind.family == NFPROTO_IPV6;
  nft_find(body->bytes, body->length, NFTA_REJECT_ICMP_CODE, &code);
  if (type == NFT_REJECT_TCP_RST) {
    nft_page_say(page, "reject with tcp reset");
    return;
  }
  if (code.length != 1) {
    nft_page_say_unknown(page);
    return;
  }
  if (type != NFT_REJECT_ICMPX_UNREACH) nft_page_drop_implied(page, false, true);
  const char *name = NULL;
  if (type == NFT_REJECT_ICMPX_UNREACH)
    name = code_name(icmpx, sizeof icmpx / sizeof icmpx[0], code.bytes[0]);
  else if (is_6)
    name = code_name(icmpv6, sizeof icmpv6 / sizeof icmpv6[0], code.bytes[0]);
  else if (page->kind.family == NFPROTO_IPV4)
    name = code_name(icmp, sizeof icmp / sizeof icmp[0], code.bytes[0]);
  if (name == NULL)
    nft_page_say_unknown(page);
  else if (strcmp(name, "port-unreachable") == 0)
    nft_page_say(page, "reject");
  else
    nft_page_say(page, "reject with %s %s",
                 type == NFT_REJECT_ICMPX_UNREACH ? "icmpx"
                 : is_6                           ? "icmpv6"
                                                  : "icmp",
                 name);
}

static void read_counter(struct nft_page *page, const struct nft_attribute *body) {
  struct nft_attribute packets, bytes;
  nft_find(body->bytes, body->length, NFTA_COUNTER_PACKETS, &packets);
  nft_find(body->bytes, body->length, NFTA_COUNTER_BYTES, &bytes);
  if (packets.length != 8 || bytes.length != 8)
    nft_page_say_unknown(page);
  else
    nft_page_say(page, "counter packets %llu bytes %llu", (unsigned long long)nft_u64(&packets),
                 (unsigned long long)nft_u64(&bytes));
}

static void read_limit(struct nft_page *page, const struct nft_attribute *body) {
  static const struct {
    uint64_t seconds;
    const char *name;
  } units[] = {{1, "second"}, {60, "minute"}, {3600, "hour"}, {86400, "day"}, {604800, "week"}};
  struct nft_attribute rate, unit;
  nft_find(body->bytes, body->length, NFTA_LIMIT_RATE, &rate);
  nft_find(body->bytes, body->length, NFTA_LIMIT_UNIT, &unit);
  uint32_t burst = nft_page_number(body, NFTA_LIMIT_BURST);
  bool is_over = (nft_page_number(body, NFTA_LIMIT_FLAGS) & NFT_LIMIT_F_INV) != 0;
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
    if (nft_u64(&unit) == units[i].seconds && nft_page_number(body, NFTA_LIMIT_TYPE) == NFT_LIMIT_PKTS && burst > 0) {
      char more[40] = "";
      if (burst != USUAL_BURST) snprintf(more, sizeof more, " burst %u packets", burst);
      nft_page_say(page, "limit rate %s%llu/%s%s", is_over ? "over " : "", (unsigned long long)nft_u64(&rate),
                   units[i].name, more);
      return;
    }
  nft_page_say_unknown(page);
}

static void read_log(struct nft_page *page, const struct nft_attribute *body) {
  static const char *const levels[] = {"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"};
  struct nft_attribute found;
  char prefix[128], level[32] = "";
  bool is_plain = !nft_find(body->bytes, body->length, NFTA_LOG_GROUP, &found) &&
                  !nft_find(body->bytes, body->length, NFTA_LOG_FLAGS, &found);
  nft_find(body->bytes, body->length, NFTA_LOG_PREFIX, &found);
  nft_text(&found, prefix, sizeof prefix);
  if (nft_find(body->bytes, body->length, NFTA_LOG_LEVEL, &found)) {
    uint32_t number = nft_u32(&found);
    is_plain = is_plain && number < sizeof levels / sizeof levels[0];
    if (is_plain && number != 4) snprintf(level, sizeof level, " level %s", levels[number]);
  }
  if (!is_plain || strpbrk(prefix, "\"\\") != NULL)
    nft_page_say_unknown(page);
  else if (prefix[0] == '\0')
    nft_page_say(page, "log%s", level);
  else
    nft_page_say(page, "log prefix \"%s\"%s", prefix, level);
}

static bool find_immediate(const struct nft_page *page, const struct nft_attribute *body, unsigned type,
                           const uint8_t **bytes, size_t *length) {
  struct nft_attribute found;
  if (!nft_find(body->bytes, body->length, type, &found)) return false;
  for (size_t i = 0; i < page->immediate_count; i++)
    if (page->immediate[i].register_number == nft_u32(&found)) {
      *bytes = page->immediate[i].bytes;
      *length = page->immediate[i].length;
      return true;
    }
  return false;
}

static void read_redirect(struct nft_page *page, const struct nft_attribute *body) {
  struct nft_attribute found;
  const uint8_t *port;
  size_t length;
  bool has_flags = nft_find(body->bytes, body->length, NFTA_REDIR_FLAGS, &found) && nft_u32(&found) > 2;
  bool has_port = nft_find(body->bytes, body->length, NFTA_REDIR_REG_PROTO_MIN, &found);
  bool has_last = nft_find(body->bytes, body->length, NFTA_REDIR_REG_PROTO_MAX, &found) &&
                  nft_u32(&found) != nft_page_number(body, NFTA_REDIR_REG_PROTO_MIN);
  if (!has_port && !has_flags)
    nft_page_say(page, "redirect");
  else if (!has_flags && !has_last && find_immediate(page, body, NFTA_REDIR_REG_PROTO_MIN, &port, &length) &&
           length >= 2)
    nft_page_say(page, "redirect to :%u", (unsigned)(port[0] << 8 | port[1]));
  else
    nft_page_say_unknown(page);
}

/* The extensions of iptables, as an nft without them writes it. */
static void read_extension(struct nft_page *page, const char *kind, unsigned type, const struct nft_attribute *body) {
  struct nft_attribute found;
  char name[32];
  nft_find(body->bytes, body->length, type, &found);
  nft_text(&found, name, sizeof name);
  nft_page_say(page, "xt %s \"%s\"", kind, name);
}

static void read_target(struct nft_page *page, const struct nft_attribute *body) {
  read_extension(page, "target", NFTA_TARGET_NAME, body);
}

static void read_match(struct nft_page *page, const struct nft_attribute *body) {
  read_extension(page, "match", NFTA_MATCH_NAME, body);
}

static void read_notrack(struct nft_page *page, const struct nft_attribute *body) {
  (void)body;
  nft_page_say(page, "notrack");
}

void nft_statement_read(struct nft_page *page, const char *name, const struct nft_attribute *body) {
  static const struct {
    const char *name;
    void (*read)(struct nft_page *page, const struct nft_attribute *body);
  } readers[] = {{"immediate", read_immediate}, {"reject", read_reject}, {"counter", read_counter},
                 {"limit", read_limit},         {"log", read_log},       {"redir", read_redirect},
                 {"target", read_target},       {"match", read_match},   {"notrack", read_notrack}};
  for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
    if (strcmp(readers[i].name, name) == 0) {
      readers[i].read(page, body);
      return;
    }
  nft_page_say_unknown(page);
}
