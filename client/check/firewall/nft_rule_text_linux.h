/* A rule of nftables as text, as far as its expressions are understood. Internal to the rule_trace seam. Pure. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_RULE_TEXT_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_RULE_TEXT_LINUX_H

#include <stddef.h>
#include <stdint.h>

/* Reads the attributes of NFTA_RULE_EXPRESSIONS, whatever they are, and writes words like nft's: "tcp dport 7777 drop".
 * What is not understood stands in angle brackets by its kernel name, "<limit>". The text may hold whatever the bytes
 * hold: not escaped. */
void nft_rule_text(const uint8_t *bytes, size_t length, char *out, size_t out_bytes);

#endif
