/* See route_linux.h. */
#include "client/check/firewall/route_linux.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "common/memory/memory.h"

#define RECEIVE_BYTES 65536
#define ANSWER_WAIT_S 2

/* One datagram's messages. Returns true at the end of all. */
static bool read_messages(const uint8_t *bytes, size_t left, bool is_listing, int *code, route_visitor *visit,
                          void *owner) {
  struct nlmsghdr header;
  while (left >= sizeof header) {
    memcpy(&header, bytes, sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > left) return true;
    size_t length = header.nlmsg_len - sizeof header;
    if (header.nlmsg_type == NLMSG_DONE) return true;
    if (header.nlmsg_type == NLMSG_ERROR) {
      if (length >= sizeof *code) memcpy(code, bytes + sizeof header, sizeof *code);
      return true;
    }
    visit(owner, header.nlmsg_type, bytes + sizeof header, length);
    if (!is_listing) return true;
    size_t step = NLMSG_ALIGN(header.nlmsg_len) < left ? NLMSG_ALIGN(header.nlmsg_len) : left;
    bytes += step;
    left -= step;
  }
  return false;
}

int route_ask(void *request, size_t bytes, bool is_listing, route_visitor *visit, void *owner) {
  struct timeval patience = {.tv_sec = ANSWER_WAIT_S};
  struct nlmsghdr *header = request;
  int code = 0;
  int netlink = lack_descriptor(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  uint8_t *answer = memory_take(RECEIVE_BYTES);
  header->nlmsg_len = (uint32_t)bytes;
  header->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | (is_listing ? NLM_F_DUMP : 0));
  if (netlink < 0 || answer == NULL || setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
      send(netlink, request, bytes, 0) < 0)
    code = answer == NULL ? UV_ENOMEM : -errno;
  bool is_over = code != 0;
  while (!is_over) {
    ssize_t length = recv(netlink, answer, RECEIVE_BYTES, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) code = -errno;
    is_over = length <= 0 || read_messages(answer, (size_t)length, is_listing, &code, visit, owner);
  }
  free(answer);
  if (netlink >= 0) close(netlink);
  return lack_note(code);
}
