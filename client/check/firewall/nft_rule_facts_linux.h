/* What a rule looks at and where it sends a packet, from its expressions. Internal to the rule_trace seam. Pure. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_RULE_FACTS_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_RULE_FACTS_LINUX_H

#include "client/check/firewall/traced_rule.h"

struct nft_rule_facts {
  bool names_target_port; /* it compares the target's port with the port asked for */
  bool names_source_port;
  bool is_by_user;          /* the user or group, or iptables' owner match */
  bool has_extension;       /* of iptables */
  char set[RULE_NAME_SIZE]; /* a set that an address is looked up in, not inverted; "" for none */
  bool set_takes_source;    /* the source's address, not the target's */
  bool sends_on;            /* it changes the destination, or hands the packet to another socket */
  bool has_address;         /* and to this address, as on the wire: 4 or 16 bytes */
  uint8_t address[16];
  size_t address_bytes;
  uint16_t port; /* and this port; 0 where it stays, or is not known */
};

/* Reads the attributes of NFTA_RULE_EXPRESSIONS, whatever they are. */
void nft_rule_facts_read(const uint8_t *bytes, size_t length, uint16_t port, struct nft_rule_facts *facts);

/* The comment among the bytes of NFTA_RULE_USERDATA, as nft keeps it; "" where there is none. Not escaped. */
void nft_rule_comment_read(const uint8_t *bytes, size_t length, char out[RULE_COMMENT_SIZE]);

#endif
