/* The rules of nf_tables that publish a port, over netlink. Only root sees them. */
#include "client/check/firewall/published_ports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/firewall/nft_lookup_linux.h"
#include "client/check/firewall/nft_route_linux.h"
#include "client/check/firewall/rule_graph.h"
#include "client/check/firewall/rule_manager.h"
#include "common/memory/memory.h"

struct gathering {
  struct published_ports *ports;
  struct rule_graph graph;
  int code;
};

static void on_chain(void *owner, unsigned family, const char *table, const char *chain) {
  struct gathering *gathering = owner;
  char hook[RULE_HOOK_SIZE];
  nft_lookup_hook(family, table, chain, hook);
  int code = rule_graph_add_chain(&gathering->graph, nft_family_name(family), table, chain, hook);
  if (code != 0) gathering->code = code;
}

static void on_jump(void *owner, unsigned family, const char *table, const char *chain,
                    const struct nft_attribute *expressions) {
  struct gathering *gathering = owner;
  struct nft_route route;
  nft_route_read(expressions->bytes, expressions->length, &route);
  if (route.jump[0] == '\0') return;
  int code = rule_graph_add_jump(&gathering->graph, nft_family_name(family), table, chain, route.jump);
  if (code != 0) gathering->code = code;
}

static bool is_loopback(const struct sockaddr_storage *address) {
  return address->ss_family != AF_UNSPEC && address_is_loopback(address);
}

static void on_publishing(void *owner, unsigned family, const char *table, const char *chain,
                          const struct nft_attribute *expressions) {
  struct gathering *gathering = owner;
  struct published_ports *ports = gathering->ports;
  const char *family_name = nft_family_name(family);
  struct nft_route route;
  nft_route_read(expressions->bytes, expressions->length, &route);
  if (!route.is_publishing) return;
  bool takes_others = rule_graph_is_reached(&gathering->graph, family_name, table, chain, "prerouting");
  if (!takes_others && !rule_graph_is_reached(&gathering->graph, family_name, table, chain, "output")) return;
  if (ports->count == PUBLISHED_PORTS_MAX) {
    ports->left_out++;
    return;
  }
  struct published_port *row = &ports->rows[ports->count++];
  *row = (struct published_port){.transport = route.transport,
                                 .first_port = route.first_port,
                                 .last_port = route.last_port,
                                 .listen = route.listen,
                                 .target = route.target,
                                 .target_port = route.target_port,
                                 .takes_others = takes_others && !is_loopback(&route.listen)};
  row->manager = rule_manager_name(rule_manager_of_chain(family_name, table, chain));
  snprintf(row->family, sizeof row->family, "%s", family_name);
  snprintf(row->table, sizeof row->table, "%s", table);
  snprintf(row->chain, sizeof row->chain, "%s", chain);
}

struct published_ports *published_ports_read(void) {
  struct gathering gathering = {.ports = memory_take_zeroed(1, sizeof *gathering.ports)};
  if (gathering.ports == NULL) return NULL;
  int code = nft_lookup_chains(on_chain, &gathering);
  if (code == 0) code = nft_lookup_rules(on_jump, &gathering);
  if (code == 0) code = nft_lookup_rules(on_publishing, &gathering);
  if (code == 0) code = gathering.code;
  gathering.ports->known = code == 0;
  if (code == 0) gathering.ports->docker_passes_ufw = rule_graph_docker_passes_ufw(&gathering.graph);
  if (code != 0) gathering.ports->count = 0;
  rule_graph_free(&gathering.graph);
  return gathering.ports;
}
