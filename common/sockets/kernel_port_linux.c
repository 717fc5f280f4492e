/* The interfaces' tunnels by rtnetlink(7); see kernel_port.h. */
#include "common/sockets/kernel_port.h"

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/memory/lack.h"

#define ANSWER_BYTES 32768

/* The attribute of that type within `length` bytes of attributes; NULL where there is none that is whole. */
static const struct rtattr *find_attribute(const void *attributes, size_t length, unsigned short type) {
  const char *at = attributes;
  while (length >= sizeof(struct rtattr)) {
    const struct rtattr *attribute = (const struct rtattr *)(const void *)at;
    size_t own = attribute->rta_len, padded = RTA_ALIGN(own);
    if (own < sizeof *attribute || own > length) return NULL;
    if ((attribute->rta_type & NLA_TYPE_MASK) == type) return attribute;
    if (padded >= length) return NULL;
    at += padded;
    length -= padded;
  }
  return NULL;
}

static const void *inside(const struct rtattr *attribute, size_t *length) {
  *length = attribute->rta_len - RTA_LENGTH(0);
  return (const char *)attribute + RTA_LENGTH(0);
}

/* The attribute in the kind's own data that holds its port, in network order; 0: the kind has none. */
static unsigned short port_attribute(const struct rtattr *kind) {
  static const struct {
    const char *kind;
    unsigned short attribute;
  } kinds[] = {{"vxlan", IFLA_VXLAN_PORT}, {"geneve", IFLA_GENEVE_PORT}};
  size_t length;
  const char *name = inside(kind, &length);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    size_t wanted = strlen(kinds[i].kind);
    if (length >= wanted && strncmp(name, kinds[i].kind, wanted) == 0) return kinds[i].attribute;
  }
  return 0;
}

static bool has_port(const struct rtattr *info, uint16_t port, const struct rtattr **kind) {
  size_t length, data_length, port_length;
  uint16_t found;
  const void *attributes = inside(info, &length);
  *kind = find_attribute(attributes, length, IFLA_INFO_KIND);
  const struct rtattr *data = find_attribute(attributes, length, IFLA_INFO_DATA);
  if (*kind == NULL || data == NULL || port_attribute(*kind) == 0) return false;
  const void *fields = inside(data, &data_length);
  const struct rtattr *field = find_attribute(fields, data_length, port_attribute(*kind));
  if (field == NULL) return false;
  const void *value = inside(field, &port_length);
  if (port_length < sizeof found) return false;
  memcpy(&found, value, sizeof found);
  return ntohs(found) == port;
}

bool kernel_port_read_link(const void *message, size_t length, uint16_t port, char name[KERNEL_PORT_NAME_SIZE]) {
  name[0] = '\0';
  size_t head = NLMSG_ALIGN(sizeof(struct ifinfomsg));
  if (length < head) return false;
  const char *attributes = (const char *)message + head;
  const struct rtattr *info = find_attribute(attributes, length - head, IFLA_LINKINFO);
  const struct rtattr *label = find_attribute(attributes, length - head, IFLA_IFNAME), *kind;
  if (info == NULL || label == NULL || !has_port(info, port, &kind)) return false;
  size_t label_length, kind_length;
  const char *label_text = inside(label, &label_length), *kind_text = inside(kind, &kind_length);
  snprintf(name, KERNEL_PORT_NAME_SIZE, "%.*s (%.*s)", (int)strnlen(label_text, label_length < 16 ? label_length : 16),
           label_text, (int)strnlen(kind_text, kind_length < 16 ? kind_length : 16), kind_text);
  return true;
}

/* One answer of the dump. Returns false when it is over. */
static bool read_answer(const char *answer, size_t length, uint16_t port, char name[KERNEL_PORT_NAME_SIZE]) {
  while (length >= sizeof(struct nlmsghdr)) {
    const struct nlmsghdr *header = (const struct nlmsghdr *)(const void *)answer;
    size_t own = header->nlmsg_len, padded = NLMSG_ALIGN(own);
    if (own < NLMSG_LENGTH(0) || own > length) return false;
    if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR) return false;
    if (header->nlmsg_type == RTM_NEWLINK &&
        kernel_port_read_link(answer + NLMSG_LENGTH(0), own - NLMSG_LENGTH(0), port, name))
      return false;
    if (padded >= length) return true;
    answer += padded;
    length -= padded;
  }
  return true;
}

bool kernel_port_find(uint16_t port, char name[KERNEL_PORT_NAME_SIZE]) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
  } request = {
      .header = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
  _Alignas(struct nlmsghdr) char answer[ANSWER_BYTES];
  /* The kernel answers at once; the limit is against surprises. */
  struct timeval limit = {.tv_sec = 1};
  name[0] = '\0';
  int netlink = lack_descriptor(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (netlink < 0) return false;
  (void)setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ssize_t length = send(netlink, &request, sizeof request, 0);
  while (length > 0) {
    length = recv(netlink, answer, sizeof answer, 0);
    if (length <= 0 || !read_answer(answer, (size_t)length, port, name)) break;
  }
  close(netlink);
  return name[0] != '\0';
}
