/* What the name localhost means on this machine, and in which order. */
#ifndef LOPING_COMMON_NET_LOCALHOST_H
#define LOPING_COMMON_NET_LOCALHOST_H

enum localhost_order {
  LOCALHOST_UNKNOWN, /* it cannot be looked up */
  LOCALHOST_IPV6_FIRST,
  LOCALHOST_IPV4_FIRST,
  LOCALHOST_IPV6_ALONE,
  LOCALHOST_IPV4_ALONE,
};

/* Asks the system, as most programs do (getaddrinfo: /etc/hosts, and the order of RFC 6724). */
enum localhost_order localhost_find_order(void);

#endif
