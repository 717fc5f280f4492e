/* See rule_graph.h. */
#include "client/check/firewall/rule_graph.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/check/firewall/rule_manager.h"
#include "common/memory/memory.h"

/* Jumps deeper than the kernel allows (NFT_JUMP_STACK_SIZE). */
#define DEEPEST 16
#define NOWHERE SIZE_MAX

struct rule_chain {
  char family[8];
  char table[RULE_NAME_SIZE];
  char name[RULE_NAME_SIZE];
  char hook[RULE_HOOK_SIZE];
};

struct rule_jump {
  size_t from, to;
};

/* Makes room for one more of `size` bytes. */
static bool grow(void **array, size_t count, size_t *capacity, size_t size) {
  if (count < *capacity) return true;
  size_t larger = *capacity == 0 ? 64 : *capacity * 2;
  void *grown = memory_grow(*array, larger * size);
  if (grown == NULL) return false;
  *array = grown;
  *capacity = larger;
  return true;
}

static void copy(char *out, size_t out_bytes, const char *text) {
  size_t length = strlen(text);
  if (length >= out_bytes) length = out_bytes - 1;
  memcpy(out, text, length);
  out[length] = '\0';
}

static size_t find(const struct rule_graph *graph, const char *family, const char *table, const char *chain) {
  for (size_t i = 0; i < graph->chain_count; i++)
    if (strcmp(graph->chains[i].name, chain) == 0 && strcmp(graph->chains[i].table, table) == 0 &&
        strcmp(graph->chains[i].family, family) == 0)
      return i;
  return NOWHERE;
}

int rule_graph_add_chain(struct rule_graph *graph, const char *family, const char *table, const char *chain,
                         const char *hook) {
  void *chains = graph->chains;
  if (graph->chain_count == RULE_GRAPH_CHAINS_MAX) return UV_E2BIG;
  if (!grow(&chains, graph->chain_count, &graph->chain_capacity, sizeof *graph->chains)) return UV_ENOMEM;
  graph->chains = chains;
  struct rule_chain *added = &graph->chains[graph->chain_count++];
  copy(added->family, sizeof added->family, family);
  copy(added->table, sizeof added->table, table);
  copy(added->name, sizeof added->name, chain);
  copy(added->hook, sizeof added->hook, hook);
  return 0;
}

int rule_graph_add_jump(struct rule_graph *graph, const char *family, const char *table, const char *chain,
                        const char *target) {
  void *jumps = graph->jumps;
  size_t from = find(graph, family, table, chain), to = find(graph, family, table, target);
  if (from == NOWHERE || to == NOWHERE) return 0;
  /* The first of several is the one that decides who comes first. */
  for (size_t i = 0; i < graph->jump_count; i++)
    if (graph->jumps[i].from == from && graph->jumps[i].to == to) return 0;
  if (!grow(&jumps, graph->jump_count, &graph->jump_capacity, sizeof *graph->jumps)) return UV_ENOMEM;
  graph->jumps = jumps;
  graph->jumps[graph->jump_count++] = (struct rule_jump){from, to};
  return 0;
}

static bool is_reached(const struct rule_graph *graph, size_t chain, const char *hook, unsigned depth) {
  if (strcmp(graph->chains[chain].hook, hook) == 0) return true;
  for (size_t i = 0; depth < DEEPEST && i < graph->jump_count; i++)
    if (graph->jumps[i].to == chain && is_reached(graph, graph->jumps[i].from, hook, depth + 1)) return true;
  return false;
}

bool rule_graph_is_reached(const struct rule_graph *graph, const char *family, const char *table, const char *chain,
                           const char *hook) {
  size_t found = find(graph, family, table, chain);
  return found != NOWHERE && is_reached(graph, found, hook, 0);
}

static enum rule_manager manager_of(const struct rule_chain *chain) {
  return rule_manager_of_chain(chain->family, chain->table, chain->name);
}

static bool leads_to_ufw(const struct rule_graph *graph, size_t chain, unsigned depth) {
  if (manager_of(&graph->chains[chain]) == MANAGER_UFW) return true;
  for (size_t i = 0; depth < DEEPEST && i < graph->jump_count; i++)
    if (graph->jumps[i].from == chain && leads_to_ufw(graph, graph->jumps[i].to, depth + 1)) return true;
  return false;
}

/* The jumps of a base chain at the forward hook, in their order. */
static bool docker_is_first(const struct rule_graph *graph, size_t base) {
  for (size_t i = 0; i < graph->jump_count; i++) {
    if (graph->jumps[i].from != base) continue;
    if (leads_to_ufw(graph, graph->jumps[i].to, 0)) return false;
    const struct rule_chain *chain = &graph->chains[graph->jumps[i].to];
    if (manager_of(chain) == MANAGER_DOCKER && strcmp(chain->name, "DOCKER-USER") != 0) return true;
  }
  return false;
}

bool rule_graph_docker_passes_ufw(const struct rule_graph *graph) {
  bool has_ufw = false, docker_passes = false;
  for (size_t i = 0; i < graph->chain_count; i++) {
    const struct rule_chain *chain = &graph->chains[i];
    bool is_ipv4 = strcmp(chain->family, "ip") == 0;
    if (is_ipv4 && manager_of(chain) == MANAGER_UFW && is_reached(graph, i, "input", 0)) has_ufw = true;
    if (is_ipv4 && strcmp(chain->hook, "forward") == 0 && docker_is_first(graph, i)) docker_passes = true;
  }
  return has_ufw && docker_passes;
}

void rule_graph_free(struct rule_graph *graph) {
  free(graph->chains);
  free(graph->jumps);
  *graph = (struct rule_graph){0};
}
