/* Names of tables and chains on a command line. Pure. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_NAME_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Can nft's language write this name? It has no quotes for names: a letter, then letters, digits and /\_.- (nft(8),
 * "Lexical conventions"), and no word that the language has a meaning for. */
bool nft_name_is_plain(const char *name);

/* Writes a word so that a POSIX shell takes it as it is; 'in quotes' only where it needs them, and $'so' (POSIX.1-2024
 * 2.2.4) where it has bytes beyond ASCII's signs, which a terminal might obey. False where it does not fit into `out`.
 */
bool nft_name_quote(const char *word, char *out, size_t out_bytes);

#endif
