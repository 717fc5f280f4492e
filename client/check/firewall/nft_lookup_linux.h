/* What the kernel has of a rule, a chain, a set: asked for over netlink. Internal to the seams of this folder. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_LOOKUP_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_LOOKUP_LINUX_H

#include "client/check/firewall/nft_message_linux.h"
#include "client/check/firewall/nft_rule_facts_linux.h"
#include "client/check/firewall/traced_rule.h"

/* "inet", "ip", ...; "?" for a family without a name. And back: NFPROTO_, 0 for none. */
const char *nft_family_name(unsigned family);
unsigned nft_family_number(const char *name);

struct nft_rule_place {
  unsigned family;
  const char *table;
  const char *chain;
  uint64_t handle;
};

/* Reads a rule: its text as nft writes it, its comment, its facts. Each out-parameter may be NULL, and is empty where
 * the rule is not there. */
void nft_lookup_rule(const struct nft_rule_place *place, uint16_t port, char text[RULE_TEXT_SIZE],
                     char comment[RULE_COMMENT_SIZE], struct nft_rule_facts *facts);

/* The name of the hook that a base chain stands at: "input"; "" for another chain. */
void nft_lookup_hook(unsigned family, const char *table, const char *chain, char hook[RULE_HOOK_SIZE]);

/* How many base chains of filters a packet on loopback meets behind this one, `own_table`'s not counted. */
unsigned nft_lookup_count_behind(unsigned family, const char *table, const char *chain, const char *own_table);

/* Has the set an element that is this very address, and no range? */
bool nft_lookup_has_address(unsigned family, const char *table, const char *set,
                            const struct sockaddr_storage *address);

/* Called for each chain of each table. */
typedef void nft_chain_visitor(void *owner, unsigned family, const char *table, const char *chain);

/* Returns 0 or a negative UV_ code. */
int nft_lookup_chains(nft_chain_visitor *visit, void *owner);

/* Called for each rule of each table, those of a chain in their order, with its NFTA_RULE_EXPRESSIONS. */
typedef void nft_rule_visitor(void *owner, unsigned family, const char *table, const char *chain,
                              const struct nft_attribute *expressions);

/* Returns 0 or a negative UV_ code. */
int nft_lookup_rules(nft_rule_visitor *visit, void *owner);

#endif
