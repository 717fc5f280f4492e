/* A rule of nftables as text, as far as its expressions are understood. Internal to the rule_trace seam. Pure, but for
 * the names of interfaces. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_RULE_TEXT_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_RULE_TEXT_LINUX_H

#include <stddef.h>
#include <stdint.h>

/* Reads the attributes of NFTA_RULE_EXPRESSIONS of a table of `family` (NFPROTO_), whatever they are, and writes them
 * as `nft list` does: "tcp dport 7777 drop". "..." stands for what is not understood, or does not fit; no value is ever
 * guessed. The text may hold whatever the bytes hold: not escaped. */
void nft_rule_text(unsigned family, const uint8_t *bytes, size_t length, char *out, size_t out_bytes);

#endif
