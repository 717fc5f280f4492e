/* See nft_netlink_linux.h. It must not know what is asked. */
#include "client/check/firewall/nft_netlink_linux.h"

#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "common/memory/memory.h"

#define ANSWER_WAIT_S 2

int nft_netlink_open(int *netlink) {
  struct sockaddr_nl self = {.nl_family = AF_NETLINK};
  struct timeval patience = {.tv_sec = ANSWER_WAIT_S};
  *netlink = lack_descriptor(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
  if (*netlink < 0) return errno == EPROTONOSUPPORT ? UV_ENOTSUP : -errno;
  if (bind(*netlink, (struct sockaddr *)&self, sizeof self) != 0 ||
      setsockopt(*netlink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
    return -errno;
  return 0;
}

int nft_netlink_send(int netlink, const struct nft_batch *batch) {
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  if (batch->is_overflown) return UV_ENOBUFS;
  ssize_t sent;
  do
    sent = sendto(netlink, batch->bytes, batch->used, 0, (struct sockaddr *)&kernel, sizeof kernel);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}

ssize_t nft_netlink_receive(int netlink, union nft_buffer *buffer, int flags) {
  for (;;) {
    struct sockaddr_nl sender = {0};
    socklen_t sender_bytes = sizeof sender;
    ssize_t length = recvfrom(netlink, buffer, sizeof *buffer, flags, (struct sockaddr *)&sender, &sender_bytes);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return -errno;
    if (sender.nl_pid == 0) return length;
  }
}

bool nft_netlink_next(const uint8_t **bytes, size_t *left, struct nft_answer *answer) {
  struct nlmsghdr header;
  struct nfgenmsg general;
  memset(answer, 0, sizeof *answer);
  if (*left < sizeof header) return false;
  memcpy(&header, *bytes, sizeof header);
  if (header.nlmsg_len < sizeof header || header.nlmsg_len > *left) return false;
  const uint8_t *body = *bytes + sizeof header;
  size_t length = header.nlmsg_len - sizeof header;
  answer->type = header.nlmsg_type;
  if (header.nlmsg_type == NLMSG_ERROR && length >= sizeof answer->error) {
    memcpy(&answer->error, body, sizeof answer->error);
  } else if (length >= sizeof general) {
    memcpy(&general, body, sizeof general);
    answer->family = general.nfgen_family;
    answer->attributes = body + sizeof general;
    answer->length = length - sizeof general;
  }
  size_t step = NLMSG_ALIGN(header.nlmsg_len) < *left ? NLMSG_ALIGN(header.nlmsg_len) : *left;
  *bytes += step;
  *left -= step;
  return true;
}

/* Reads answers until the end of a listing, an acknowledgement or an error. */
static int read_answers(int netlink, union nft_buffer *buffer, nft_visitor *visit, void *owner) {
  for (;;) {
    ssize_t length = nft_netlink_receive(netlink, buffer, 0);
    if (length < 0) return length == UV_EAGAIN ? UV_ETIMEDOUT : (int)length;
    const uint8_t *bytes = buffer->bytes;
    size_t left = (size_t)length;
    struct nft_answer answer;
    while (nft_netlink_next(&bytes, &left, &answer)) {
      if (answer.type == NLMSG_ERROR) return answer.error;
      if (answer.type == NLMSG_DONE) return 0;
      if (visit != NULL) visit(owner, &answer);
    }
  }
}

int nft_netlink_wait(int netlink) {
  union nft_buffer *buffer = memory_take(sizeof *buffer);
  int code = buffer == NULL ? UV_ENOMEM : read_answers(netlink, buffer, NULL, NULL);
  free(buffer);
  return lack_note(code);
}

int nft_netlink_ask(const struct nft_batch *question, nft_visitor *visit, void *owner) {
  int netlink = -1;
  union nft_buffer *buffer = memory_take(sizeof *buffer);
  int code = buffer == NULL ? UV_ENOMEM : nft_netlink_open(&netlink);
  if (code == 0) code = nft_netlink_send(netlink, question);
  if (code == 0) code = read_answers(netlink, buffer, visit, owner);
  if (netlink >= 0) close(netlink);
  free(buffer);
  return lack_note(code);
}
