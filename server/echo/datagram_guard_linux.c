/* The datagram guard on Linux: a classic BPF filter on the socket. */
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "server/echo/datagram_guard.h"

/* In the IP header (RFC 791 3.1, RFC 8200 3): the version's four bits, and the hop limit of each version. */
#define VERSION_AT         0
#define TTL_AT             8
#define HOP_LIMIT_AT       7
#define IPV4_TO_AT         16
#define IPV6_TO_AT         24
#define WHOLE_DATAGRAM     UINT32_MAX
#define NETWORK_HEADER(at) ((uint32_t)(SKF_NET_OFF + (at)))
#define PACKET_TYPE        ((uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE))
#define TO_THIS_HOST       0 /* PACKET_HOST; not broadcast, multicast, or our own of these (packet(7)) */
/* Over loopback a broadcast comes as if it were for this host alone. */
#define LOOPBACK_BROADCAST 0x7fffffffu
#define ALL_BROADCAST      0xffffffffu
#define IPV4_MULTICAST     0xeu  /* the first four bits */
#define IPV6_MULTICAST     0xffu /* the first byte */

static int set_int(int descriptor, int level, int option, int value) {
  return setsockopt(descriptor, level, option, &value, sizeof value) == 0 ? 0 : uv_translate_sys_error(errno);
}

static int mark(int descriptor) {
  struct sockaddr_storage here;
  socklen_t length = sizeof here;
  memset(&here, 0, sizeof here);
  if (getsockname(descriptor, (struct sockaddr *)&here, &length) != 0) return uv_translate_sys_error(errno);
  /* A dual-stack socket answers IPv4, too. */
  int code = set_int(descriptor, IPPROTO_IP, IP_TTL, DATAGRAM_GUARD_HOP_LIMIT);
  if (here.ss_family == AF_INET6) code = set_int(descriptor, IPPROTO_IPV6, IPV6_UNICAST_HOPS, DATAGRAM_GUARD_HOP_LIMIT);
  return code;
}

int datagram_guard_attach(uv_os_fd_t descriptor) {
  /* The numbers of a jump: how many lines are left out where it is true, and where not. */
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, PACKET_TYPE),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TO_THIS_HOST, 0, 14),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, NETWORK_HEADER(VERSION_AT)),
      BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4, 0, 7),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, NETWORK_HEADER(TTL_AT)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, DATAGRAM_GUARD_HOP_LIMIT, 9, 0),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NETWORK_HEADER(IPV4_TO_AT)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LOOPBACK_BROADCAST, 7, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ALL_BROADCAST, 6, 0),
      BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 28),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPV4_MULTICAST, 4, 5),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, NETWORK_HEADER(HOP_LIMIT_AT)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, DATAGRAM_GUARD_HOP_LIMIT, 2, 0),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, NETWORK_HEADER(IPV6_TO_AT)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPV6_MULTICAST, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, WHOLE_DATAGRAM),
  };
  struct sock_fprog filter = {.len = sizeof program / sizeof program[0], .filter = program};
  int code = mark(descriptor);
  if (code != 0) return code;
  if (setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0) return 0;
  return uv_translate_sys_error(errno);
}
