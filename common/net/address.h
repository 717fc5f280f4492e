/* Where a socket is: an IP address and port, or a unix path; read from the command line and written for people. */
#ifndef LOPING_COMMON_NET_ADDRESS_H
#define LOPING_COMMON_NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#define ADDRESS_DEFAULT_HOST "127.0.0.1"
#define ADDRESS_DEFAULT_PORT 62893
#define ADDRESS_HOST_SIZE    256
/* The longest unix path that every system's sockaddr_un takes (104 bytes on macOS and the BSDs), end mark included. */
#define ADDRESS_PATH_SIZE    104
#define ADDRESS_TEXT_SIZE    128
#define ADDRESS_RESOLVED_MAX 8

enum transport { TRANSPORT_TCP, TRANSPORT_UDP, TRANSPORT_UNIX };

/* One place that can be bound or connected to. */
struct endpoint {
  enum transport transport;
  struct sockaddr_storage address; /* TCP, UDP */
  char path[ADDRESS_PATH_SIZE];    /* unix */
};

/* Why a text is no port or path; ADDRESS_OK when it is one. */
enum address_status {
  ADDRESS_OK,
  ADDRESS_EMPTY,
  ADDRESS_PORT_NOT_A_NUMBER,
  ADDRESS_PORT_OUT_OF_RANGE,
  ADDRESS_PATH_TOO_LONG,
};

/* Reads a port from 0 to 65535. */
enum address_status address_parse_port(const char *text, uint16_t *port);

/* Copies a unix path; refuses an empty one and one that does not fit (libuv would cut it off silently). */
enum address_status address_parse_path(const char *text, char path[ADDRESS_PATH_SIZE]);

/* Why a path was refused, as the end of a sentence that begins with it: "has a path of more than ...". */
const char *address_path_problem(enum address_status status);

/* Reads a numeric address, with its zone ("fe80::1%eth0", "fe80::1%2"); false if `host` is a name. A zone that is no
 * interface of this machine leaves the scope 0. */
bool address_read_numeric(const char *host, uint16_t port, struct sockaddr_storage *address);

/* Looks `host` up, in the system's order (getaddrinfo), and blocks while it does. A numeric address needs no look-up.
 * Writes at most ADDRESS_RESOLVED_MAX addresses with `port` and their number; returns 0, a UV_EAI_ code, or that of
 * what this process lacked for it (lack.h), which is noted. */
int address_resolve(const char *host, uint16_t port, struct sockaddr_storage *addresses, size_t *count);

/* Is it the code of a name that nobody knows? Any other is that of a look-up that was not done. */
bool address_is_unknown_name(int code);

/* True for 127.0.0.0/8, ::1 and the IPv4-mapped form of the first (RFC 1122 3.2.1.3, RFC 4291 2.5.3). */
bool address_is_loopback(const struct sockaddr_storage *address);

/* True for 0.0.0.0 and ::, which mean every address of this machine. */
bool address_is_any(const struct sockaddr_storage *address);

/* True for fe80::/10 without an interface: the kernel refuses it with EINVAL (RFC 4007 6; ipv6(7), sin6_scope_id). */
bool address_lacks_zone(const struct sockaddr_storage *address);

/* True when both are the same IP address, whatever their ports. */
bool address_same_host(const struct sockaddr_storage *one, const struct sockaddr_storage *other);

/* True when a socket listening on `one` and another on `other` would take the same port from each other: the same
 * address, an any-address beside an address of its family, or a dual-stack :: (`one_dual`, `other_dual`) beside IPv4.
 */
bool address_overlaps(const struct sockaddr_storage *one, bool one_dual, const struct sockaddr_storage *other,
                      bool other_dual);

/* The largest payload of a UDP datagram to the address, without jumbograms: 65,535 less UDP's header of 8 bytes, and
 * over IPv4 less its own of 20 as well, which that length includes (RFC 768, RFC 791 3.1, RFC 8200 3 and 4.5). */
size_t address_datagram_bytes_max(const struct sockaddr_storage *address);

uint16_t address_port(const struct sockaddr_storage *address);
void address_set_port(struct sockaddr_storage *address, uint16_t port);

/* sizeof the family's sockaddr, in bytes. */
size_t address_bytes(const struct sockaddr_storage *address);

/* Each writes into `out` (ADDRESS_TEXT_SIZE bytes) and returns it: "127.0.0.1" or "fe80::1%eth0"; "127.0.0.1:62893" or
 * "[::1]:62893"; the same or "unix:/tmp/x" for an endpoint. */
const char *address_format_host(const struct sockaddr_storage *address, char out[ADDRESS_TEXT_SIZE]);
const char *address_format(const struct sockaddr_storage *address, char out[ADDRESS_TEXT_SIZE]);
const char *endpoint_format(const struct endpoint *endpoint, char out[ADDRESS_TEXT_SIZE]);

/* "tcp", "udp" or "unix". */
const char *transport_name(enum transport transport);

#endif
