/*
 * The network counters that tell what became of a packet. net_counters_read() is the seam; the parser is pure.
 * Their meaning: the kernel's Documentation/networking/snmp_counter.rst.
 */
#ifndef LOPING_CLIENT_SOCKETS_NET_COUNTERS_H
#define LOPING_CLIENT_SOCKETS_NET_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

enum net_counter {
  COUNTER_TCP_RESETS_SENT,      /* the kernel refused by itself, or a program closed with a reset */
  COUNTER_TCP_SYN_REPEATED,     /* an opening packet was sent again */
  COUNTER_TCP_REPEAT_FAILED,    /* a packet could not be sent again: something on the way out refused it */
  COUNTER_TCP_LISTEN_OVERFLOWS, /* a connection found a full accept queue */
  COUNTER_TCP_LISTEN_DROPS,     /* a connection was dropped at a listener, for whatever reason */
  COUNTER_TCP_ACCEPTS_DEFERRED, /* a connection is not handed to its server before its first bytes (TCP_DEFER_ACCEPT) */
  COUNTER_TCP_ACCEPTED,         /* a connection to a listener has come to stand */
  COUNTER_ICMP_UNREACHABLE_IN,  /* "destination unreachable" came in */
  COUNTER_UDP_RECEIVED,         /* datagrams that programs have read */
  COUNTER_UDP_SENT,
  COUNTER_UDP_NO_PORT,      /* a datagram came for a port that nobody has */
  COUNTER_UDP_BUFFER_FULL,  /* a datagram was dropped: its socket's receive buffer was full */
  COUNTER_IP_OUT_DISCARDED, /* refused on the way out */
  NET_COUNTERS,
};

/* The sums of IPv4 and IPv6 of this process's network namespace, since boot. */
struct net_counters {
  bool known;
  uint64_t values[NET_COUNTERS];
};

/* Reads the counters. `known` is false where this system does not tell. */
void net_counters_read(struct net_counters *counters);

/* How much a counter has grown; 0 if either is unknown. */
uint64_t net_counters_growth(const struct net_counters *before, const struct net_counters *after,
                             enum net_counter counter);

/* Adds what a text tells in the form of /proc/net/snmp and netstat (a line of names, then a line of values with the
 * same first word), or of /proc/net/snmp6 (a name and a value in each line). Other lines and names are skipped. Pure.
 */
void net_counters_add_text(const char *text, struct net_counters *counters);

#endif
