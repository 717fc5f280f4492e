/* A rule in nft's own words, by nft's own library where it is there: loaded for the time of one question, never linked.
 * Internal to the seams of this folder. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_PRINT_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_PRINT_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nft_printed {
  const char *family;
  const char *table;
  const char *chain;
  uint64_t handle;
};

/* Writes the rule as `nft -a list chain` does, without its handle. False, and `out` as it was, where the library is not
 * there, cannot name the chain, or the rule does not fit. Only root may ask; nothing is changed. */
bool nft_print_rule(const struct nft_printed *printed, char *out, size_t out_bytes);

/* Takes the comment off the end of such a text. */
void nft_print_cut_comment(char *text);

/* Finds the line of a listing that ends with the handle, and writes it without. */
bool nft_print_find_line(const char *listing, uint64_t handle, char *out, size_t out_bytes);

#endif
