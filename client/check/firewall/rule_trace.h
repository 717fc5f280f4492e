/*
 * What the firewall's rules do with the packets of one probe: the seam. Linux tells it (nftables' tracing) to a process
 * with CAP_NET_ADMIN.
 *
 * For the time of a trace there is a table of our own whose only rules mark the packets of one connection for tracing:
 * by its two addresses and its two ports, so that nobody else's traffic is told. The kernel ties the table to the
 * trace's socket (NFT_TABLE_F_OWNER) and removes it when that is closed, however the process ends. Nothing else is
 * changed, and the marked packets fare as they would without.
 */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_RULE_TRACE_H
#define LOPING_CLIENT_CHECK_FIREWALL_RULE_TRACE_H

#include "client/check/firewall/traced_rule.h"
#include "common/net/address.h"

struct rule_trace;

/* Starts to watch packets from `source` to `target` and back; the source's port must be known. Returns 0, UV_EPERM
 * without the capability, UV_ENOTSUP where the system has no such thing, or another negative UV_ code. */
int rule_trace_start(const struct endpoint *target, const struct sockaddr_storage *source, struct rule_trace **trace);

/* Takes in what has been told so far. True once a rule was seen that is in the way. */
bool rule_trace_read(struct rule_trace *trace);

/* What was found, with the texts of the rules. Zeroes `findings` first. */
void rule_trace_finish(struct rule_trace *trace, struct trace_findings *findings);

/* Ends the watching; the kernel removes the table. NULL is fine. */
void rule_trace_stop(struct rule_trace *trace);

#endif
