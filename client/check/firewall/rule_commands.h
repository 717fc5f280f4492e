/*
 * The commands that take an obstacle away: for one port on loopback, and nothing else, so that they can be carried out
 * blindly. No rule is deleted: whoever else relies on it keeps it. Loopback's packets of the port are accepted in front
 * of it, in the base chain, or the one banned address is taken out. Pure.
 */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_RULE_COMMANDS_H
#define LOPING_CLIENT_CHECK_FIREWALL_RULE_COMMANDS_H

#include <stddef.h>

#include "client/check/firewall/legacy_rules.h"
#include "client/check/firewall/traced_rule.h"

#define RULE_COMMAND_SIZE 1700
#define RULE_COMMANDS_MAX 3

struct rule_command {
  const char *purpose;             /* "let this port through on loopback": what stands before the command */
  char command[RULE_COMMAND_SIZE]; /* for a POSIX shell */
  char undo[RULE_COMMAND_SIZE];    /* the same; "" where there is nothing to undo it with */
};

/* What the commands are for. */
struct rule_subject {
  enum transport transport;
  uint16_t port;
  const char *iptables;  /* the name of the iptables that speaks to nftables: "iptables-nft", "iptables" */
  const char *ip6tables; /* the same for IPv6 */
};

/* Writes what helps against the rule, the best first. Returns how many. */
size_t rule_commands_write(const struct traced_rule *rule, const struct rule_subject *subject,
                           struct rule_command out[RULE_COMMANDS_MAX]);

/* The same against a rule of iptables' old interface. */
size_t rule_commands_write_legacy(const struct legacy_rule *rule, const struct rule_subject *subject,
                                  struct rule_command out[RULE_COMMANDS_MAX]);

/* Against a full table of connections: this port's packets on loopback go by untracked. */
void rule_commands_write_untracked(const struct rule_subject *subject, struct rule_command *out);

/* The command that shows the chain of a rule. False where none can name it. */
bool rule_commands_show(const struct traced_rule *rule, const struct rule_subject *subject,
                        char out[RULE_COMMAND_SIZE]);

#endif
