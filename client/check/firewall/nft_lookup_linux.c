/* See nft_lookup_linux.h. */
#include "client/check/firewall/nft_lookup_linux.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/check/firewall/nft_netlink_linux.h"
#include "client/check/firewall/nft_print_linux.h"
#include "client/check/firewall/nft_rule_text_linux.h"
#include "common/memory/memory.h"

static const struct {
  unsigned number;
  const char *name;
} families[] = {{NFPROTO_INET, "inet"},     {NFPROTO_IPV4, "ip"},       {NFPROTO_IPV6, "ip6"},
                {NFPROTO_NETDEV, "netdev"}, {NFPROTO_BRIDGE, "bridge"}, {NFPROTO_ARP, "arp"}};

#define FAMILIES (sizeof families / sizeof families[0])

const char *nft_family_name(unsigned family) {
  for (size_t i = 0; i < FAMILIES; i++)
    if (families[i].number == family) return families[i].name;
  return "?";
}

unsigned nft_family_number(const char *name) {
  for (size_t i = 0; i < FAMILIES; i++)
    if (strcmp(families[i].name, name) == 0) return families[i].number;
  return 0;
}

/* A question, and the batch that is sent for it: too big for a stack that others share. */
static struct nft_batch *open_question(unsigned type, unsigned flags, unsigned family) {
  struct nft_batch *batch = memory_take_zeroed(1, sizeof *batch);
  if (batch != NULL) nft_batch_open(batch, type, flags, family);
  return batch;
}

static int ask(struct nft_batch *batch, nft_visitor *visit, void *owner) {
  if (batch == NULL) return UV_ENOMEM;
  nft_batch_close(batch);
  int code = nft_netlink_ask(batch, visit, owner);
  free(batch);
  return code;
}

struct rule_question {
  const struct nft_rule_place *place;
  uint16_t port;
  char *text;
  char *comment;
  struct nft_rule_facts *facts;
  bool has_extension; /* of iptables: in any rule of the chain */
};

static bool is_message(const struct nft_answer *answer, unsigned type) {
  return answer->type == (NFNL_SUBSYS_NFTABLES << 8 | type);
}

static void on_rule(void *owner, const struct nft_answer *answer) {
  struct rule_question *question = owner;
  struct nft_attribute expressions, found;
  struct nft_rule_facts facts;
  if (!is_message(answer, NFT_MSG_NEWRULE)) return;
  nft_find(answer->attributes, answer->length, NFTA_RULE_EXPRESSIONS, &expressions);
  nft_rule_facts_read(expressions.bytes, expressions.length, question->port, &facts);
  question->has_extension = question->has_extension || facts.has_extension;
  nft_find(answer->attributes, answer->length, NFTA_RULE_HANDLE, &found);
  if (nft_u64(&found) != question->place->handle) return;
  if (question->facts != NULL) *question->facts = facts;
  if (question->text != NULL)
    nft_rule_text(answer->family, expressions.bytes, expressions.length, question->text, RULE_TEXT_SIZE);
  nft_find(answer->attributes, answer->length, NFTA_RULE_USERDATA, &found);
  if (question->comment != NULL) nft_rule_comment_read(found.bytes, found.length, question->comment);
}

/* For iptables' extensions nft's library asks iptables' own, and that starts modprobe where this file is missing
 * (libxtables, xtables_load_ko()). No program is started from here. */
static bool has_legacy_interface(unsigned family) {
  return access(family == NFPROTO_IPV6 ? "/proc/net/ip6_tables_names" : "/proc/net/ip_tables_names", F_OK) == 0;
}

void nft_lookup_rule(const struct nft_rule_place *place, uint16_t port, char text[RULE_TEXT_SIZE],
                     char comment[RULE_COMMENT_SIZE], struct nft_rule_facts *facts) {
  struct rule_question question = {.place = place, .port = port, .text = text, .comment = comment, .facts = facts};
  if (text != NULL) text[0] = '\0';
  if (comment != NULL) comment[0] = '\0';
  if (facts != NULL) memset(facts, 0, sizeof *facts);
  struct nft_batch *batch = open_question(NFT_MSG_GETRULE, NLM_F_DUMP, place->family);
  if (batch != NULL) {
    nft_put_text(batch, NFTA_RULE_TABLE, place->table);
    nft_put_text(batch, NFTA_RULE_CHAIN, place->chain);
  }
  if (ask(batch, on_rule, &question) != 0 || text == NULL) return;
  if (question.has_extension && !has_legacy_interface(place->family)) return;
  struct nft_printed printed = {
      .family = nft_family_name(place->family), .table = place->table, .chain = place->chain, .handle = place->handle};
  if (nft_print_rule(&printed, text, RULE_TEXT_SIZE) && comment != NULL && comment[0] != '\0')
    nft_print_cut_comment(text);
}

static const char *hook_name(unsigned family, uint32_t hook) {
  static const char *const names[] = {[NF_INET_PRE_ROUTING] = "prerouting",
                                      [NF_INET_LOCAL_IN] = "input",
                                      [NF_INET_FORWARD] = "forward",
                                      [NF_INET_LOCAL_OUT] = "output",
                                      [NF_INET_POST_ROUTING] = "postrouting"};
  if (family == NFPROTO_NETDEV) return hook == NF_NETDEV_INGRESS ? "ingress" : "egress";
  if (family == NFPROTO_INET && hook == NF_INET_INGRESS) return "ingress";
  return hook < sizeof names / sizeof names[0] ? names[hook] : "";
}

static void on_chain_hook(void *owner, const struct nft_answer *answer) {
  struct nft_attribute hook, number;
  char *out = owner;
  if (!is_message(answer, NFT_MSG_NEWCHAIN) || !nft_find(answer->attributes, answer->length, NFTA_CHAIN_HOOK, &hook) ||
      !nft_find(hook.bytes, hook.length, NFTA_HOOK_HOOKNUM, &number))
    return;
  snprintf(out, RULE_HOOK_SIZE, "%s", hook_name(answer->family, nft_u32(&number)));
}

void nft_lookup_hook(unsigned family, const char *table, const char *chain, char hook[RULE_HOOK_SIZE]) {
  struct nft_batch *batch = open_question(NFT_MSG_GETCHAIN, NLM_F_ACK, family);
  hook[0] = '\0';
  if (batch != NULL) {
    nft_put_text(batch, NFTA_CHAIN_TABLE, table);
    nft_put_text(batch, NFTA_CHAIN_NAME, chain);
  }
  (void)ask(batch, on_chain_hook, hook);
}

struct base_chain {
  int place; /* in the order of the hooks that a packet on loopback passes */
  int32_t priority;
};

/* False for a chain that is none, or that a packet on loopback does not pass. */
static bool read_base_chain(const struct nft_answer *answer, struct base_chain *chain) {
  static const char *const order[] = {"output", "postrouting", "egress", "ingress", "prerouting", "input"};
  struct nft_attribute hook, number, type;
  char name[16];
  if (!is_message(answer, NFT_MSG_NEWCHAIN) || !nft_find(answer->attributes, answer->length, NFTA_CHAIN_HOOK, &hook) ||
      !nft_find(hook.bytes, hook.length, NFTA_HOOK_HOOKNUM, &number))
    return false;
  nft_find(answer->attributes, answer->length, NFTA_CHAIN_TYPE, &type);
  nft_text(&type, name, sizeof name);
  const char *at = hook_name(answer->family, nft_u32(&number));
  nft_find(hook.bytes, hook.length, NFTA_HOOK_PRIORITY, &number);
  chain->priority = (int32_t)nft_u32(&number);
  for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
    if (strcmp(order[i], at) == 0) {
      chain->place = (int)i;
      return strcmp(name, "nat") != 0;
    }
  return false;
}

struct behind_question {
  const char *own_table;
  struct base_chain chain;
  unsigned count;
};

static void on_own_place(void *owner, const struct nft_answer *answer) {
  struct behind_question *question = owner;
  (void)read_base_chain(answer, &question->chain);
}

static void on_other_place(void *owner, const struct nft_answer *answer) {
  struct behind_question *question = owner;
  struct base_chain other;
  struct nft_attribute found;
  char table[RULE_NAME_SIZE];
  if (!read_base_chain(answer, &other)) return;
  nft_find(answer->attributes, answer->length, NFTA_CHAIN_TABLE, &found);
  nft_text(&found, table, sizeof table);
  bool is_later = other.place > question->chain.place ||
                  (other.place == question->chain.place && other.priority > question->chain.priority);
  if (is_later && strcmp(table, question->own_table) != 0) question->count++;
}

unsigned nft_lookup_count_behind(unsigned family, const char *table, const char *chain, const char *own_table) {
  struct behind_question question = {.own_table = own_table};
  struct nft_batch *batch = open_question(NFT_MSG_GETCHAIN, NLM_F_ACK, family);
  if (batch != NULL) {
    nft_put_text(batch, NFTA_CHAIN_TABLE, table);
    nft_put_text(batch, NFTA_CHAIN_NAME, chain);
  }
  if (ask(batch, on_own_place, &question) != 0) return 0;
  (void)ask(open_question(NFT_MSG_GETCHAIN, NLM_F_DUMP, NFPROTO_UNSPEC), on_other_place, &question);
  return question.count;
}

struct set_question {
  bool has_plain_addresses;
  bool has_element;
};

static void on_set(void *owner, const struct nft_answer *answer) {
  struct set_question *question = owner;
  struct nft_attribute found;
  if (!is_message(answer, NFT_MSG_NEWSET)) return;
  nft_find(answer->attributes, answer->length, NFTA_SET_FLAGS, &found);
  const uint32_t others = NFT_SET_ANONYMOUS | NFT_SET_CONSTANT | NFT_SET_INTERVAL | NFT_SET_MAP;
  question->has_plain_addresses = (nft_u32(&found) & others) == 0;
}

static void on_element(void *owner, const struct nft_answer *answer) {
  struct set_question *question = owner;
  if (is_message(answer, NFT_MSG_NEWSETELEM)) question->has_element = true;
}

static bool ask_for_set(unsigned family, const char *table, const char *set, struct set_question *question) {
  struct nft_batch *batch = open_question(NFT_MSG_GETSET, NLM_F_ACK, family);
  if (batch != NULL) {
    nft_put_text(batch, NFTA_SET_TABLE, table);
    nft_put_text(batch, NFTA_SET_NAME, set);
  }
  return ask(batch, on_set, question) == 0 && question->has_plain_addresses;
}

bool nft_lookup_has_address(unsigned family, const char *table, const char *set,
                            const struct sockaddr_storage *address) {
  struct set_question question = {.has_element = false};
  const struct sockaddr_in *in = (const void *)address;
  const struct sockaddr_in6 *in6 = (const void *)address;
  if (!ask_for_set(family, table, set, &question)) return false;
  struct nft_batch *batch = open_question(NFT_MSG_GETSETELEM, NLM_F_ACK, family);
  if (batch == NULL) return false;
  nft_put_text(batch, NFTA_SET_ELEM_LIST_TABLE, table);
  nft_put_text(batch, NFTA_SET_ELEM_LIST_SET, set);
  size_t list = nft_nest(batch, NFTA_SET_ELEM_LIST_ELEMENTS), element = nft_nest(batch, NFTA_LIST_ELEM);
  size_t key = nft_nest(batch, NFTA_SET_ELEM_KEY);
  if (address->ss_family == AF_INET6)
    nft_put(batch, NFTA_DATA_VALUE, &in6->sin6_addr, sizeof in6->sin6_addr);
  else
    nft_put(batch, NFTA_DATA_VALUE, &in->sin_addr, sizeof in->sin_addr);
  nft_unnest(batch, key);
  nft_unnest(batch, element);
  nft_unnest(batch, list);
  return ask(batch, on_element, &question) == 0 && question.has_element;
}

struct chains_question {
  nft_chain_visitor *visit;
  void *owner;
};

static void on_chain(void *owner, const struct nft_answer *answer) {
  struct chains_question *question = owner;
  struct nft_attribute found;
  char table[RULE_NAME_SIZE], chain[RULE_NAME_SIZE];
  if (!is_message(answer, NFT_MSG_NEWCHAIN)) return;
  nft_find(answer->attributes, answer->length, NFTA_CHAIN_TABLE, &found);
  nft_text(&found, table, sizeof table);
  nft_find(answer->attributes, answer->length, NFTA_CHAIN_NAME, &found);
  nft_text(&found, chain, sizeof chain);
  question->visit(question->owner, answer->family, table, chain);
}

int nft_lookup_chains(nft_chain_visitor *visit, void *owner) {
  struct chains_question question = {visit, owner};
  return ask(open_question(NFT_MSG_GETCHAIN, NLM_F_DUMP, NFPROTO_UNSPEC), on_chain, &question);
}

struct rules_question {
  nft_rule_visitor *visit;
  void *owner;
};

static void on_any_rule(void *owner, const struct nft_answer *answer) {
  struct rules_question *question = owner;
  struct nft_attribute found;
  char table[RULE_NAME_SIZE], chain[RULE_NAME_SIZE];
  if (!is_message(answer, NFT_MSG_NEWRULE)) return;
  nft_find(answer->attributes, answer->length, NFTA_RULE_TABLE, &found);
  nft_text(&found, table, sizeof table);
  nft_find(answer->attributes, answer->length, NFTA_RULE_CHAIN, &found);
  nft_text(&found, chain, sizeof chain);
  nft_find(answer->attributes, answer->length, NFTA_RULE_EXPRESSIONS, &found);
  question->visit(question->owner, answer->family, table, chain, &found);
}

int nft_lookup_rules(nft_rule_visitor *visit, void *owner) {
  struct rules_question question = {visit, owner};
  return ask(open_question(NFT_MSG_GETRULE, NLM_F_DUMP, NFPROTO_UNSPEC), on_any_rule, &question);
}
