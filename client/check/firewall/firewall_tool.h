/*
 * The firewall tool of this machine, and the words for it. The seam: one file per system. No tool is run; nothing is
 * changed.
 */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_FIREWALL_TOOL_H
#define LOPING_CLIENT_CHECK_FIREWALL_FIREWALL_TOOL_H

#include <stdbool.h>

/* In the commands PORT stands for the number and TRANSPORT for tcp or udp. "" where there is no such command. */
struct firewall_tool {
  const char *name;   /* "nft"; "" where no tool was found */
  const char *show;   /* lists the rules */
  const char *remove; /* takes away the rule that was found */
  const char *allow;  /* lets the port through on loopback */
};

/* The tool that administers this machine's firewall: the one on top (ufw, firewalld) where one is in use. */
const struct firewall_tool *firewall_tool_find(bool is_ipv6);

/* May this process see the firewall's rules (capabilities(7), CAP_NET_ADMIN)? */
bool firewall_tool_shows_rules(void);

#endif
