/*
 * What a system tells of one open socket beyond libuv: the seam (socket_facts_linux.c, socket_facts_portable.c).
 * Facts only; what a system does not tell is unknown.
 */
#ifndef LOPING_CLIENT_SOCKETS_SOCKET_FACTS_H
#define LOPING_CLIENT_SOCKETS_SOCKET_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/net/address.h"

/* An error that came as a packet. The numbers are IANA's, of ICMP or, for an IPv6 socket, of ICMPv6. */
struct socket_icmp {
  bool came;
  uint8_t type;
  uint8_t code;
  int error; /* the negative UV_ code that the system makes of it */
};

/* One TCP connection as its own side sees it. */
struct socket_tcp_facts {
  bool known;
  bool is_established;     /* false: the handshake is not through */
  uint32_t repeats;        /* packets that were sent again, the opening one included */
  uint32_t unacknowledged; /* bytes that the other side has not acknowledged */
  bool counts_segments;
  uint32_t segments_out, segments_in; /* that this side has sent and got, those without data too */
};

/* Asks the system to keep the packets with errors that arrive for this socket (IP_RECVERR, ip(7)). Before connecting.
 */
void socket_facts_keep_errors(uv_os_fd_t descriptor, int family);

/* Takes the last of them. Empties the queue: a second call finds nothing. */
void socket_facts_take_error(uv_os_fd_t descriptor, struct socket_icmp *icmp);

/* Reads tcp(7) TCP_INFO and SIOCOUTQ. */
void socket_facts_read_tcp(uv_os_fd_t descriptor, struct socket_tcp_facts *facts);

#endif
