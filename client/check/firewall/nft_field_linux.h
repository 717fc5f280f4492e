/* What a rule can load into a register, and how nft names and writes it. Internal to the rule_trace seam. Pure. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_FIELD_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_FIELD_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NFT_FIELD_TEXT_SIZE 96

enum nft_form {
  NFT_FORM_UNKNOWN,
  NFT_FORM_NUMBER,      /* as on the wire */
  NFT_FORM_HOST_NUMBER, /* in this machine's byte order */
  NFT_FORM_MARK,        /* the same, written as 0x%08x */
  NFT_FORM_ADDRESS,     /* IPv4; fewer bytes are a prefix */
  NFT_FORM_ADDRESS6,    /* IPv6; the same */
  NFT_FORM_INTERFACE,   /* an index in this machine's byte order */
  NFT_FORM_NAME,        /* of an interface */
  NFT_FORM_PROTOCOL,    /* tcp, udp, ... */
  NFT_FORM_FAMILY,      /* ipv4, ipv6 */
  NFT_FORM_ETHER_TYPE,  /* ip, ip6 */
  NFT_FORM_STATE,       /* of connection tracking: bits */
  NFT_FORM_DIRECTION,   /* original, reply */
  NFT_FORM_ICMP_TYPE,
};

struct nft_field {
  const char *name; /* "tcp dport"; NULL where it is not known */
  enum nft_form form;
};

/* What the packet is known to be at this place of a rule; 0 where it is not known. */
struct nft_packet_kind {
  uint8_t family;   /* NFPROTO_IPV4 or NFPROTO_IPV6 */
  uint8_t protocol; /* IPPROTO_TCP, ... */
};

/* The field that a meta, ct or payload expression loads. */
struct nft_field nft_field_of_meta(uint32_t key);
struct nft_field nft_field_of_ct(uint32_t key);
struct nft_field nft_field_of_payload(uint32_t base, uint32_t offset, uint32_t length,
                                      const struct nft_packet_kind *kind);

/* Writes a value as nft does. False where it cannot be written truly. */
bool nft_field_write(enum nft_form form, const uint8_t *value, size_t length, char out[NFT_FIELD_TEXT_SIZE]);

/* The number of leading ones of a mask; -1 where other bits follow. */
int nft_field_prefix(const uint8_t *mask, size_t length);

#endif
