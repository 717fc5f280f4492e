/* Whose a datagram's source address is. Pure: no socket. */
#ifndef LOPING_SERVER_ECHO_DATAGRAM_SOURCE_H
#define LOPING_SERVER_ECHO_DATAGRAM_SOURCE_H

#include <stdbool.h>
#include <uv.h>

/* Is it no address of one host: 0.0.0.0 and ::, broadcast (255.255.255.255, that of loopback), multicast, also as IPv4
 * within IPv6? A network's own broadcast address is known to the kernel alone, which refuses to send there. */
bool datagram_source_is_no_host(const struct sockaddr_storage *source);

#endif
