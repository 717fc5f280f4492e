/* Which chains lead to which: whether a rule is met at all, and whose rules come first. Pure. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_RULE_GRAPH_H
#define LOPING_CLIENT_CHECK_FIREWALL_RULE_GRAPH_H

#include "client/check/firewall/traced_rule.h"

#define RULE_GRAPH_CHAINS_MAX 4096

/* Begins as zeros. */
struct rule_graph {
  size_t chain_count, chain_capacity;
  struct rule_chain *chains; /* owned */
  size_t jump_count, jump_capacity;
  struct rule_jump *jumps; /* owned; in the order of the rules */
};

/* A chain and the hook that it stands at, "" for one that only others lead to. Returns 0 or a negative UV_ code. */
int rule_graph_add_chain(struct rule_graph *graph, const char *family, const char *table, const char *chain,
                         const char *hook);

/* A rule of `chain` that leads to `target`, both known already; others are ignored. The same. */
int rule_graph_add_jump(struct rule_graph *graph, const char *family, const char *table, const char *chain,
                        const char *target);

/* Does a packet at that hook come to the chain? */
bool rule_graph_is_reached(const struct rule_graph *graph, const char *family, const char *table, const char *chain,
                           const char *hook);

/* Are ufw's rules in force for what comes to this machine, and are Docker's asked before ufw's for what is sent on?
 * True only where both are there, and no rule in Docker's own chain for such rules (DOCKER-USER) leads to ufw's. */
bool rule_graph_docker_passes_ufw(const struct rule_graph *graph);

void rule_graph_free(struct rule_graph *graph);

#endif
