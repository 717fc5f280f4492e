/* Where a rule sends what comes to a port, and which chain it leads to, from its expressions. Internal to the
 * published_ports seam. Pure. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_ROUTE_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_ROUTE_LINUX_H

#include "client/check/firewall/traced_rule.h"

struct nft_route {
  char jump[RULE_NAME_SIZE]; /* the chain; "" for none */
  bool is_publishing;        /* it names a port of TCP or UDP, and sends on */
  enum transport transport;
  uint16_t first_port, last_port;
  struct sockaddr_storage listen; /* of what is sent to this address alone; AF_UNSPEC: to any */
  struct sockaddr_storage target; /* AF_UNSPEC: this machine */
  uint16_t target_port;           /* 0: the same, or not known */
};

/* Reads the attributes of NFTA_RULE_EXPRESSIONS, whatever they are. */
void nft_route_read(const uint8_t *bytes, size_t length, struct nft_route *route);

#endif
