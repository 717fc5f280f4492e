/*
 * Messages of nftables over netlink, as bytes: built and read. Internal to the rule_trace seam. What they mean:
 * linux/netfilter/nf_tables.h.
 */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_MESSAGE_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_MESSAGE_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NFT_MESSAGE_BYTES 8192

/* Messages one after the other, as one sending takes them. What does not fit makes it overflow, and is left out. */
struct nft_batch {
  size_t used;
  size_t message; /* where the open message begins */
  bool is_overflown;
  uint32_t sequence;
  _Alignas(8) uint8_t bytes[NFT_MESSAGE_BYTES];
};

/* Opens a message; `type` is one of enum nf_tables_msg_types. Closes the one before. */
void nft_batch_open(struct nft_batch *batch, unsigned type, unsigned flags, unsigned family);

/* The same for another of netfilter's subsystems: `type` holds its number too (linux/netfilter/nfnetlink.h). */
void nft_batch_open_other(struct nft_batch *batch, unsigned type, unsigned flags, unsigned family);

/* Opens one of the two that stand around a transaction (NFNL_MSG_BATCH_BEGIN, _END). */
void nft_batch_open_bound(struct nft_batch *batch, unsigned type);

void nft_batch_close(struct nft_batch *batch);

/* Adds an attribute; numbers are in network order, as nftables wants them. */
void nft_put(struct nft_batch *batch, unsigned type, const void *bytes, size_t length);
void nft_put_text(struct nft_batch *batch, unsigned type, const char *text);
void nft_put_u32(struct nft_batch *batch, unsigned type, uint32_t number);
void nft_put_u64(struct nft_batch *batch, unsigned type, uint64_t number);

/* Opens an attribute that holds attributes; close it with what this returned. */
size_t nft_nest(struct nft_batch *batch, unsigned type);
void nft_unnest(struct nft_batch *batch, size_t begin);

/* One attribute of a message that came. */
struct nft_attribute {
  unsigned type;
  const uint8_t *bytes;
  size_t length;
};

/* Takes the next attribute from `bytes`, whatever they are; moves on. False at the end, or where the rest is none. */
bool nft_next(const uint8_t **bytes, size_t *length, struct nft_attribute *attribute);

/* Finds one by its type among the attributes in `bytes`; false if it is not there. */
bool nft_find(const uint8_t *bytes, size_t length, unsigned type, struct nft_attribute *attribute);

/* The values of an attribute; 0 or "" where its length does not fit. */
uint32_t nft_u32(const struct nft_attribute *attribute);
uint64_t nft_u64(const struct nft_attribute *attribute);
void nft_text(const struct nft_attribute *attribute, char *out, size_t out_bytes);

#endif
