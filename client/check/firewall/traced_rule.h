/* What a trace of one probe's packets found: plain data. Names and texts are not escaped. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_TRACED_RULE_H
#define LOPING_CLIENT_CHECK_FIREWALL_TRACED_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/net/address.h"

/* The kernel's limits: NFT_NAME_MAXLEN, and a comment of 128 bytes. */
#define RULE_NAME_SIZE    256
#define RULE_COMMENT_SIZE 129
#define RULE_TEXT_SIZE    1024
#define RULE_HOOK_SIZE    16

/* What became of the packet at a rule. */
enum rule_end {
  RULE_DROPPED,
  RULE_QUEUED,  /* handed to a program's queue (NFQUEUE) */
  RULE_SENT_ON, /* its destination was changed, or another port's socket got it */
};

/* A rule, or a chain's policy, that took a packet of the probe. */
struct traced_rule {
  enum rule_end end;
  bool is_policy;
  bool is_reply;  /* the packet came from the port, not to it */
  char family[8]; /* "inet", "ip", "ip6", "netdev", ... */
  char table[RULE_NAME_SIZE];
  char chain[RULE_NAME_SIZE];
  uint64_t handle;                 /* of a rule */
  char text[RULE_TEXT_SIZE];       /* of a rule, as nft writes it; "..." where it is not understood */
  char comment[RULE_COMMENT_SIZE]; /* the admin's; "" where there is none */

  char base_chain[RULE_NAME_SIZE]; /* where the kernel enters: the chain itself, or one that jumps there */
  char hook[RULE_HOOK_SIZE];       /* "input", "output", ...; "" where unknown */
  bool has_jump;
  char jump_chain[RULE_NAME_SIZE]; /* the rule that jumps to the chain */
  uint64_t jump_handle;
  char jump_text[RULE_TEXT_SIZE];

  unsigned chains_behind; /* base chains that a packet meets after this one, and that can drop it as well */
  bool names_port;        /* it is a rule for this very port */
  bool is_by_user;        /* it looks at the user or the group */
  /* A named set of plain addresses that the rule looks the packet's address up in, where that address has an element
   * of its own; "" where it is not so. */
  char set[RULE_NAME_SIZE];
  struct sockaddr_storage set_address;
  uint16_t queue; /* RULE_QUEUED: its number, and whether a program reads it */
  bool queue_has_reader;
};

/* The places that a packet on loopback passes, in their order. */
enum trace_place {
  TRACE_SENT,    /* the output hook's first chain */
  TRACE_ROUTED,  /* its last one */
  TRACE_LEFT,    /* the postrouting hook's last one */
  TRACE_CAME,    /* the prerouting hook's first one */
  TRACE_REACHED, /* the input hook's last one */
  TRACE_PLACES,
};

struct trace_findings {
  bool is_watched; /* the probe was traced: what was not seen did not happen */
  bool has_rule;
  struct traced_rule rule;          /* the first that was in the way */
  bool request[TRACE_PLACES];       /* where what was sent was seen */
  bool reply[TRACE_PLACES];         /* where what came back was seen */
  bool is_sent_on;                  /* what was sent to the port goes elsewhere */
  struct sockaddr_storage real_end; /* to there; its family is 0 where that is not known */
  bool has_sender;                  /* and this rule does it */
  struct traced_rule sender;
};

/* Does the rule let some packets through and stop others, by a rate, a count or chance? What it does to one packet says
 * nothing of the next. */
bool traced_rule_has_limit(const struct traced_rule *rule);

#endif
