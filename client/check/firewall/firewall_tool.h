/*
 * The firewall tool of this machine, and the words for it. The seam: one file per system. No tool is run; nothing is
 * changed.
 */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_FIREWALL_TOOL_H
#define LOPING_CLIENT_CHECK_FIREWALL_FIREWALL_TOOL_H

#include <stdbool.h>
#include <stdint.h>

/* The command that lists the rules of the tool whose rules are in force: by what is loaded, where this process may see
 * that, else by which program runs. What is only installed or configured does not count. "" where none is known. */
const char *firewall_tool_show(bool is_ipv6);

/* May this process see the firewall's rules (capabilities(7), CAP_NET_ADMIN)? */
bool firewall_tool_shows_rules(void);

/* The iptables that speaks to nftables: "iptables-nft" where it has a name of its own, else "iptables". */
const char *firewall_tool_iptables(bool is_ipv6);

/* This process's group, or -1 where there is no such thing. */
int64_t firewall_tool_group_id(void);

#endif
