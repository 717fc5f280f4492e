/* See route_check.h. rtnetlink(7), RTM_GETROUTE: what a socket's connect(2) would be told. */
#include "client/check/firewall/route_check.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

#include "client/check/firewall/route_linux.h"

struct route_request {
  struct nlmsghdr header;
  struct rtmsg route;
  uint8_t attributes[64];
};

static size_t put(struct route_request *request, size_t used, unsigned short type, const void *bytes, size_t length) {
  struct rtattr attribute = {.rta_len = (unsigned short)(sizeof attribute + length), .rta_type = type};
  memcpy(request->attributes + used, &attribute, sizeof attribute);
  memcpy(request->attributes + used + sizeof attribute, bytes, length);
  return used + RTA_ALIGN(attribute.rta_len);
}

static void on_route(void *owner, unsigned type, const uint8_t *body, size_t length) {
  struct rtmsg route;
  bool *is_open = owner;
  if (type != RTM_NEWROUTE || length < sizeof route) return;
  memcpy(&route, body, sizeof route);
  *is_open = route.rtm_type == RTN_LOCAL || route.rtm_type == RTN_UNICAST;
}

enum machine_answer route_check_is_open(const struct endpoint *target) {
  struct route_request request;
  const struct sockaddr_storage *address = &target->address;
  bool is_ipv6 = address->ss_family == AF_INET6, is_open = false;
  uint8_t protocol = target->transport == TRANSPORT_UDP ? IPPROTO_UDP : IPPROTO_TCP;
  uint16_t port = htons(address_port(address));
  memset(&request, 0, sizeof request);
  request.header.nlmsg_type = RTM_GETROUTE;
  request.route.rtm_family = (unsigned char)address->ss_family;
  request.route.rtm_dst_len = is_ipv6 ? 128 : 32;
  size_t used = put(&request, 0, RTA_DST,
                    is_ipv6 ? (const void *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr
                            : (const void *)&((const struct sockaddr_in *)(const void *)address)->sin_addr,
                    is_ipv6 ? sizeof(struct in6_addr) : sizeof(struct in_addr));
  used = put(&request, used, RTA_IP_PROTO, &protocol, sizeof protocol);
  used = put(&request, used, RTA_DPORT, &port, sizeof port);
  int code = route_ask(&request, offsetof(struct route_request, attributes) + used, false, on_route, &is_open);
  if (code == 0) return is_open ? MACHINE_YES : MACHINE_NO;
  /* The look-up's own refusals; anything else is a failure to ask. */
  bool is_refusal = code == UV_EACCES || code == UV_EINVAL || code == UV_EHOSTUNREACH || code == UV_ENETUNREACH;
  return is_refusal ? MACHINE_NO : MACHINE_UNKNOWN;
}
