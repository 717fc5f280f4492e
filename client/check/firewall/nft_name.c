/* See nft_name.h. */
#include "client/check/firewall/nft_name.h"

#include <stdio.h>
#include <string.h>

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool nft_name_is_plain(const char *name) {
  /* Words of nft's language that would not be read as a name where a table's or chain's stands. */
  static const char *const words[] = {
      "add",  "accept", "arp",  "bridge", "chain",  "counter",  "ct",       "device", "drop",  "dnat",     "ether",
      "flow", "handle", "hook", "icmp",   "index",  "inet",     "insert",   "ip",     "ip6",   "jump",     "limit",
      "log",  "map",    "meta", "netdev", "policy", "position", "priority", "queue",  "quota", "redirect", "reject",
      "rule", "set",    "snat", "socket", "table",  "tcp",      "type",     "udp",    "vlan",  "vmap"};
  if (!is_letter(name[0])) return false;
  for (const char *c = name; *c != '\0'; c++)
    if (!is_letter(*c) && !is_digit(*c) && strchr("/\\_.-", *c) == NULL) return false;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strcmp(words[i], name) == 0) return false;
  return true;
}

/* What a terminal would obey rather than show. */
static bool is_raw_byte(char c) {
  return (unsigned char)c < ' ' || (unsigned char)c >= 0x7f;
}

static bool has_raw_bytes(const char *word) {
  for (const char *c = word; *c != '\0'; c++)
    if (is_raw_byte(*c)) return true;
  return false;
}

bool nft_name_quote(const char *word, char *out, size_t out_bytes) {
  bool is_safe = word[0] != '\0' && word[0] != '-';
  size_t used = 0;
  for (const char *c = word; *c != '\0'; c++)
    is_safe = is_safe && (is_letter(*c) || is_digit(*c) || strchr("/_.-:,@", *c) != NULL);
  if (is_safe) return (size_t)snprintf(out, out_bytes, "%s", word) < out_bytes;
  bool is_raw = has_raw_bytes(word);
  for (const char *c = word; used + 6 < out_bytes; c++) {
    if (c == word) used += (size_t)snprintf(out, out_bytes, "%s'", is_raw ? "$" : "");
    if (*c == '\0') {
      out[used++] = '\'';
      out[used] = '\0';
      return true;
    }
    if (is_raw && (is_raw_byte(*c) || *c == '\'' || *c == '\\'))
      used += (size_t)snprintf(out + used, out_bytes - used, "\\x%02x", (unsigned)(unsigned char)*c);
    else if (*c == '\'')
      used += (size_t)snprintf(out + used, out_bytes - used, "'\\''");
    else
      out[used++] = *c;
  }
  return false;
}
