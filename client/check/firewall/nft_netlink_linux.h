/* Talking to netfilter over netlink: one question, its answers, and what it tells unasked. Internal to the seams of
 * this folder. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_NFT_NETLINK_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_NFT_NETLINK_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "client/check/firewall/nft_message_linux.h"

#define NFT_RECEIVE_BYTES 65536

union nft_buffer {
  uint64_t alignment;
  uint8_t bytes[NFT_RECEIVE_BYTES];
};

/* One message of a datagram. */
struct nft_answer {
  unsigned type;
  unsigned family;
  int error; /* of an NLMSG_ERROR; 0 is an acknowledgement */
  const uint8_t *attributes;
  size_t length;
};

/* Opens a netfilter socket whose answers are waited for a little at most. Returns 0 or a negative UV_ code; the caller
 * closes *netlink. */
int nft_netlink_open(int *netlink);

/* Sends the whole batch to the kernel. */
int nft_netlink_send(int netlink, const struct nft_batch *batch);

/* Receives one datagram of the kernel's, and of nobody else. Returns its length or a negative UV_ code; `flags` are
 * recv(2)'s. */
ssize_t nft_netlink_receive(int netlink, union nft_buffer *buffer, int flags);

/* Takes the next message from a datagram, whatever its bytes are; moves on. False at the end. */
bool nft_netlink_next(const uint8_t **bytes, size_t *left, struct nft_answer *answer);

/* The kernel's word on a transaction: the first error, or 0 with its acknowledgement. */
int nft_netlink_wait(int netlink);

/* Called for each message that answers a question. */
typedef void nft_visitor(void *owner, const struct nft_answer *answer);

/* Sends one question over a socket of its own and hands over all that comes for it, to its end. Returns 0 or a negative
 * UV_ code, the kernel's own included. */
int nft_netlink_ask(const struct nft_batch *question, nft_visitor *visit, void *owner);

#endif
