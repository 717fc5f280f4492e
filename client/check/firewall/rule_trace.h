/*
 * Which firewall rule drops a packet: the seam. Linux tells it (nftables' tracing) to a process with CAP_NET_ADMIN.
 *
 * For the time of a trace there is a table of our own whose only rules mark packets of one port for tracing. The kernel
 * ties it to the trace's socket (NFT_TABLE_F_OWNER) and removes it when that is closed, however the process ends.
 * Nothing else is changed, and the marked packets fare as they would without.
 */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_RULE_TRACE_H
#define LOPING_CLIENT_CHECK_FIREWALL_RULE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/net/address.h"

#define RULE_NAME_SIZE 64
#define RULE_TEXT_SIZE 256

/* A rule, or a chain's policy, that dropped a packet. Not escaped. */
struct traced_rule {
  bool is_policy;
  char family[8]; /* "inet", "ip", "ip6", "netdev", ... */
  char table[RULE_NAME_SIZE];
  char chain[RULE_NAME_SIZE];
  uint64_t handle;           /* of a rule */
  char text[RULE_TEXT_SIZE]; /* of a rule, as far as it is understood; "" where it is not */
};

struct rule_trace;

/* Starts to watch packets from and to `port`. Returns 0, UV_EPERM without the capability, UV_ENOTSUP where the system
 * has no such thing, or another negative UV_ code. */
int rule_trace_start(enum transport transport, uint16_t port, struct rule_trace **trace);

/* Looks through what has been told so far for the first packet that was dropped. False: none, as far as nftables knows.
 */
bool rule_trace_find_drop(struct rule_trace *trace, struct traced_rule *rule);

/* Ends the watching; the kernel removes the table. NULL is fine. */
void rule_trace_stop(struct rule_trace *trace);

#endif
