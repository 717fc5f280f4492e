/* Ports that a rule of the firewall hands on, so that no socket of this machine shows them: the seam. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_PUBLISHED_PORTS_H
#define LOPING_CLIENT_CHECK_FIREWALL_PUBLISHED_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/address.h"

#define PUBLISHED_PORTS_MAX 256
#define PUBLISHED_NAME_SIZE 256

struct published_port {
  enum transport transport;
  uint16_t first_port, last_port;
  struct sockaddr_storage listen; /* for what is sent to this address alone; AF_UNSPEC: to any */
  struct sockaddr_storage target; /* AF_UNSPEC: this machine */
  uint16_t target_port;           /* 0: the same */
  bool takes_others;              /* what other machines send meets the rule, not this machine's own packets alone */
  const char *manager;            /* "Docker", ...; "" where nobody is known by the chain's name */
  char family[8];                 /* the rule's place; not escaped */
  char table[PUBLISHED_NAME_SIZE];
  char chain[PUBLISHED_NAME_SIZE];
};

struct published_ports {
  bool known; /* false where this process may not see the rules, or this system does not tell */
  size_t count;
  size_t left_out;
  struct published_port rows[PUBLISHED_PORTS_MAX];
  bool docker_passes_ufw; /* Docker's rules are asked before ufw's, which are in force (rule_graph.h) */
};

/* Reads the rules of nf_tables, iptables' new ones included, that name a port or a range and are met by a packet. NULL
 * if memory ran out; the caller frees it with free(). */
struct published_ports *published_ports_read(void);

#endif
