/* Building and reading of nftables' messages. Pure: bytes in, bytes out; it opens no socket. */
#include "client/check/firewall/nft_message_linux.h"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>

static size_t aligned(size_t length) {
  return (length + 3u) & ~(size_t)3u;
}

/* Reserves zeroed, aligned room; NULL when there is none. */
static uint8_t *reserve(struct nft_batch *batch, size_t length) {
  if (batch->is_overflown || aligned(length) > sizeof batch->bytes - batch->used) {
    batch->is_overflown = true;
    return NULL;
  }
  uint8_t *place = batch->bytes + batch->used;
  memset(place, 0, aligned(length));
  batch->used += aligned(length);
  return place;
}

void nft_batch_close(struct nft_batch *batch) {
  uint32_t length = (uint32_t)(batch->used - batch->message);
  if (length > 0 && !batch->is_overflown) memcpy(batch->bytes + batch->message, &length, sizeof length);
  batch->message = batch->used;
}

static void open_message(struct nft_batch *batch, unsigned type, unsigned flags, unsigned family, unsigned resource) {
  nft_batch_close(batch);
  struct nlmsghdr header = {
      .nlmsg_type = (uint16_t)type, .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags), .nlmsg_seq = ++batch->sequence};
  struct nfgenmsg general = {.nfgen_family = (uint8_t)family, .version = NFNETLINK_V0, .res_id = (uint16_t)resource};
  uint8_t *place = reserve(batch, sizeof header + sizeof general);
  if (place == NULL) return;
  memcpy(place, &header, sizeof header);
  memcpy(place + sizeof header, &general, sizeof general);
}

void nft_batch_open(struct nft_batch *batch, unsigned type, unsigned flags, unsigned family) {
  open_message(batch, NFNL_SUBSYS_NFTABLES << 8 | type, flags, family, 0);
}

void nft_batch_open_other(struct nft_batch *batch, unsigned type, unsigned flags, unsigned family) {
  open_message(batch, type, flags, family, 0);
}

void nft_batch_open_bound(struct nft_batch *batch, unsigned type) {
  open_message(batch, type, 0, 0, htons(NFNL_SUBSYS_NFTABLES));
}

void nft_put(struct nft_batch *batch, unsigned type, const void *bytes, size_t length) {
  struct nlattr header = {.nla_len = (uint16_t)(sizeof header + length), .nla_type = (uint16_t)type};
  uint8_t *place = reserve(batch, sizeof header + length);
  if (place == NULL) return;
  memcpy(place, &header, sizeof header);
  if (length > 0) memcpy(place + sizeof header, bytes, length);
}

void nft_put_text(struct nft_batch *batch, unsigned type, const char *text) {
  nft_put(batch, type, text, strlen(text) + 1);
}

void nft_put_u32(struct nft_batch *batch, unsigned type, uint32_t number) {
  uint32_t wire = htonl(number);
  nft_put(batch, type, &wire, sizeof wire);
}

void nft_put_u64(struct nft_batch *batch, unsigned type, uint64_t number) {
  uint32_t wire[2] = {htonl((uint32_t)(number >> 32)), htonl((uint32_t)number)};
  nft_put(batch, type, wire, sizeof wire);
}

size_t nft_nest(struct nft_batch *batch, unsigned type) {
  size_t begin = batch->used;
  nft_put(batch, NLA_F_NESTED | type, NULL, 0);
  return begin;
}

void nft_unnest(struct nft_batch *batch, size_t begin) {
  uint16_t length = (uint16_t)(batch->used - begin);
  if (!batch->is_overflown) memcpy(batch->bytes + begin, &length, sizeof length);
}

bool nft_next(const uint8_t **bytes, size_t *length, struct nft_attribute *attribute) {
  struct nlattr header;
  if (*length < sizeof header) return false;
  memcpy(&header, *bytes, sizeof header);
  if (header.nla_len < sizeof header || header.nla_len > *length) return false;
  attribute->type = header.nla_type & (unsigned)NLA_TYPE_MASK;
  attribute->bytes = *bytes + sizeof header;
  attribute->length = header.nla_len - sizeof header;
  size_t step = aligned(header.nla_len) < *length ? aligned(header.nla_len) : *length;
  *bytes += step;
  *length -= step;
  return true;
}

bool nft_find(const uint8_t *bytes, size_t length, unsigned type, struct nft_attribute *attribute) {
  while (nft_next(&bytes, &length, attribute))
    if (attribute->type == type) return true;
  memset(attribute, 0, sizeof *attribute);
  return false;
}

uint32_t nft_u32(const struct nft_attribute *attribute) {
  uint32_t wire;
  if (attribute->length != sizeof wire) return 0;
  memcpy(&wire, attribute->bytes, sizeof wire);
  return ntohl(wire);
}

uint64_t nft_u64(const struct nft_attribute *attribute) {
  uint32_t wire[2];
  if (attribute->length != sizeof wire) return 0;
  memcpy(wire, attribute->bytes, sizeof wire);
  return (uint64_t)ntohl(wire[0]) << 32 | ntohl(wire[1]);
}

void nft_text(const struct nft_attribute *attribute, char *out, size_t out_bytes) {
  size_t length = attribute->length < out_bytes - 1 ? attribute->length : out_bytes - 1;
  if (length > 0) memcpy(out, attribute->bytes, length);
  out[length] = '\0';
}
