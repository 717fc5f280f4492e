/* The table of a trace: its chains, and the rules that mark one connection's packets. Internal to the rule_trace seam.
 * Pure: builds the messages, sends nothing. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_TABLE_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_TABLE_LINUX_H

#include "client/check/firewall/nft_message_linux.h"
#include "client/check/firewall/traced_rule.h"

/* Makes `batch` the transaction that creates the table, with a chain for each place. */
void nft_table_make(struct nft_batch *batch, const char *table, const struct endpoint *target,
                    const struct sockaddr_storage *source);

/* The place that a chain of that table stands at; TRACE_PLACES for no such chain. */
enum trace_place nft_table_place(const char *chain);

#endif
