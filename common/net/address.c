/* Addresses and endpoints: reading, comparing, writing. The only I/O is the look-up of a name. */
#include "common/net/address.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/text/units.h"

#define UNIX_PREFIX "unix:"

#define INTERRUPTED_MAX 5

/* More than one look-up takes of the heap. */
#define RESOLVER_BYTES ((size_t)64 * 1024)

enum address_status address_parse_port(const char *text, uint16_t *port) {
  uint64_t number;
  enum units_status status = units_parse_count(text, &number);
  if (status == UNITS_NOT_A_NUMBER) return ADDRESS_PORT_NOT_A_NUMBER;
  if (status != UNITS_OK || number > UINT16_MAX) return ADDRESS_PORT_OUT_OF_RANGE;
  *port = (uint16_t)number;
  return ADDRESS_OK;
}

enum address_status address_parse_path(const char *text, char path[ADDRESS_PATH_SIZE]) {
  size_t length = strlen(text);
  if (length == 0) return ADDRESS_EMPTY;
  if (length >= ADDRESS_PATH_SIZE) return ADDRESS_PATH_TOO_LONG;
  memcpy(path, text, length + 1);
  return ADDRESS_OK;
}

const char *address_path_problem(enum address_status status) {
  return status == ADDRESS_PATH_TOO_LONG ? "has a path of more than 103 bytes, the most that a unix socket can have"
                                         : "has an empty part where a name, number or path belongs";
}

/* A zone may be a number as well (RFC 4007 11.2); libuv knows names alone. */
static void read_zone_number(const char *host, struct sockaddr_in6 *address) {
  const char *zone = strchr(host, '%');
  uint64_t number;
  if (zone == NULL || address->sin6_scope_id != 0) return;
  if (units_parse_count(zone + 1, &number) == UNITS_OK && number <= UINT32_MAX)
    address->sin6_scope_id = (uint32_t)number;
}

bool address_read_numeric(const char *host, uint16_t port, struct sockaddr_storage *address) {
  memset(address, 0, sizeof *address);
  if (uv_ip4_addr(host, port, (struct sockaddr_in *)address) == 0) return true;
  memset(address, 0, sizeof *address);
  if (uv_ip6_addr(host, port, (struct sockaddr_in6 *)address) != 0) return false;
  read_zone_number(host, (struct sockaddr_in6 *)address);
  return true;
}

/* Can a file be opened? A lack of descriptors comes before all that may be wrong with the file. */
static int try_descriptor(void) {
  uv_fs_t request;
  int file = uv_fs_open(NULL, &request, "/", UV_FS_O_RDONLY, 0, NULL);
  uv_fs_req_cleanup(&request);
  if (file >= 0) (void)uv_fs_close(NULL, &request, file, NULL);
  return file < 0 ? file : 0;
}

/* A resolver that lacks memory or a descriptor says that the name is not known, or that no name server answers: it
 * could not read its own files. `cause` is what was left in errno. */
static int judge_look_up(int code, int cause) {
  if (code == 0 || lack_is(code)) return lack_note(code);
  if (code == UV_EAI_MEMORY) return lack_note(UV_ENOMEM);
  if (lack_is(cause)) return lack_note(cause);
  cause = try_descriptor();
  return lack_is(cause) ? lack_note(cause) : code;
}

/* So that what lacks memory says so: some resolvers crash where they get none (glibc 2.36, nss_database.c). */
static int try_memory(void) {
  void *memory = memory_take(RESOLVER_BYTES);
  free(memory);
  return memory == NULL ? UV_ENOMEM : 0;
}

static int look_up(const char *host, uv_getaddrinfo_t *request) {
  uv_loop_t loop;
  struct addrinfo hints;
  memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  int code = lack_note(uv_loop_init(&loop));
  if (code != 0) return code;
  int attempts = 0;
  /* Nor does a resolver read its files again that a signal kept it from. */
  do {
    errno = 0;
    code = uv_getaddrinfo(&loop, request, NULL, host, NULL, &hints);
  } while (code != 0 && errno == EINTR && ++attempts < INTERRUPTED_MAX);
  /* The loop has descriptors: with it closed there may be some again. */
  code = judge_look_up(code, errno == 0 ? 0 : uv_translate_sys_error(errno));
  uv_loop_close(&loop);
  return code;
}

int address_resolve(const char *host, uint16_t port, struct sockaddr_storage *addresses, size_t *count) {
  uv_getaddrinfo_t request;
  *count = 0;
  if (address_read_numeric(host, port, &addresses[0])) {
    *count = 1;
    return 0;
  }
  int code = try_memory();
  if (code == 0) code = look_up(host, &request);
  if (code != 0) return code;
  for (const struct addrinfo *found = request.addrinfo; found != NULL; found = found->ai_next) {
    if (*count == ADDRESS_RESOLVED_MAX || found->ai_addrlen > sizeof addresses[0]) continue;
    if (found->ai_family != AF_INET && found->ai_family != AF_INET6) continue;
    memset(&addresses[*count], 0, sizeof addresses[0]);
    memcpy(&addresses[*count], found->ai_addr, found->ai_addrlen);
    address_set_port(&addresses[*count], port);
    (*count)++;
  }
  uv_freeaddrinfo(request.addrinfo);
  return *count > 0 ? 0 : UV_EAI_NONAME;
}

bool address_is_unknown_name(int code) {
  return code == UV_EAI_NONAME || code == UV_EAI_NODATA || code == UV_EAI_ADDRFAMILY;
}

/* The four bytes of an IPv4 address, also of an IPv4-mapped IPv6 one (RFC 4291 2.5.5.2); NULL for any other. */
static const uint8_t *ipv4_bytes(const struct sockaddr_storage *address) {
  static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (address->ss_family == AF_INET) return (const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr;
  if (address->ss_family != AF_INET6) return NULL;
  const uint8_t *bytes = (const uint8_t *)&((const struct sockaddr_in6 *)address)->sin6_addr;
  return memcmp(bytes, mapped_prefix, sizeof mapped_prefix) == 0 ? bytes + 12 : NULL;
}

static const uint8_t *ipv6_bytes(const struct sockaddr_storage *address) {
  return (const uint8_t *)&((const struct sockaddr_in6 *)address)->sin6_addr;
}

bool address_is_loopback(const struct sockaddr_storage *address) {
  static const uint8_t loopback6[16] = {[15] = 1};
  const uint8_t *ipv4 = ipv4_bytes(address);
  if (ipv4 != NULL) return ipv4[0] == 127;
  return address->ss_family == AF_INET6 && memcmp(ipv6_bytes(address), loopback6, sizeof loopback6) == 0;
}

bool address_is_any(const struct sockaddr_storage *address) {
  static const uint8_t zeros[16] = {0};
  const uint8_t *ipv4 = ipv4_bytes(address);
  if (ipv4 != NULL) return memcmp(ipv4, zeros, 4) == 0;
  return address->ss_family == AF_INET6 && memcmp(ipv6_bytes(address), zeros, sizeof zeros) == 0;
}

/* fe80::/10 (RFC 4291 2.5.6) */
static bool is_link_local(const struct sockaddr_storage *address) {
  if (address->ss_family != AF_INET6) return false;
  const uint8_t *bytes = ipv6_bytes(address);
  return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

bool address_lacks_zone(const struct sockaddr_storage *address) {
  return is_link_local(address) && ((const struct sockaddr_in6 *)address)->sin6_scope_id == 0;
}

/* Every interface has its own fe80::1. Where one of the two names none, as in the kernel's tables, it may be that one.
 */
static bool may_be_same_zone(const struct sockaddr_storage *one, const struct sockaddr_storage *other) {
  uint32_t zone = ((const struct sockaddr_in6 *)one)->sin6_scope_id;
  uint32_t other_zone = ((const struct sockaddr_in6 *)other)->sin6_scope_id;
  return zone == 0 || other_zone == 0 || zone == other_zone;
}

bool address_same_host(const struct sockaddr_storage *one, const struct sockaddr_storage *other) {
  const uint8_t *one_ipv4 = ipv4_bytes(one);
  const uint8_t *other_ipv4 = ipv4_bytes(other);
  if (one_ipv4 != NULL && other_ipv4 != NULL) return memcmp(one_ipv4, other_ipv4, 4) == 0;
  if (one_ipv4 != NULL || other_ipv4 != NULL) return false;
  return one->ss_family == AF_INET6 && other->ss_family == AF_INET6 &&
         memcmp(ipv6_bytes(one), ipv6_bytes(other), 16) == 0 && may_be_same_zone(one, other);
}

bool address_overlaps(const struct sockaddr_storage *one, bool one_dual, const struct sockaddr_storage *other,
                      bool other_dual) {
  bool one_is_ipv4 = ipv4_bytes(one) != NULL;
  bool other_is_ipv4 = ipv4_bytes(other) != NULL;
  if (one_is_ipv4 == other_is_ipv4)
    return address_is_any(one) || address_is_any(other) || address_same_host(one, other);
  /* Different families meet only where a dual-stack :: takes IPv4 as well. */
  if (one_is_ipv4) return other_dual && address_is_any(other);
  return one_dual && address_is_any(one);
}

size_t address_datagram_bytes_max(const struct sockaddr_storage *address) {
  return ipv4_bytes(address) != NULL ? 65535 - 8 - 20 : 65535 - 8;
}

uint16_t address_port(const struct sockaddr_storage *address) {
  if (address->ss_family == AF_INET6) return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
  return ntohs(((const struct sockaddr_in *)address)->sin_port);
}

void address_set_port(struct sockaddr_storage *address, uint16_t port) {
  if (address->ss_family == AF_INET6)
    ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
  else
    ((struct sockaddr_in *)address)->sin_port = htons(port);
}

size_t address_bytes(const struct sockaddr_storage *address) {
  return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

/* "%eth0", or "%2" of an interface that has gone. */
static void append_zone(uint32_t zone, char out[ADDRESS_TEXT_SIZE]) {
  char name[UV_IF_NAMESIZE];
  size_t length = sizeof name, used = strlen(out);
  if (zone == 0) return;
  if (uv_if_indextoname(zone, name, &length) != 0) snprintf(name, sizeof name, "%u", zone);
  snprintf(out + used, ADDRESS_TEXT_SIZE - used, "%%%s", name);
}

const char *address_format_host(const struct sockaddr_storage *address, char out[ADDRESS_TEXT_SIZE]) {
  int code = UV_EAFNOSUPPORT;
  if (address->ss_family == AF_INET) code = uv_ip4_name((const struct sockaddr_in *)address, out, ADDRESS_TEXT_SIZE);
  if (address->ss_family == AF_INET6) code = uv_ip6_name((const struct sockaddr_in6 *)address, out, ADDRESS_TEXT_SIZE);
  if (code != 0) snprintf(out, ADDRESS_TEXT_SIZE, "(no address)");
  if (code == 0 && address->ss_family == AF_INET6)
    append_zone(((const struct sockaddr_in6 *)address)->sin6_scope_id, out);
  return out;
}

const char *address_format(const struct sockaddr_storage *address, char out[ADDRESS_TEXT_SIZE]) {
  char host[ADDRESS_TEXT_SIZE];
  address_format_host(address, host);
  if (address->ss_family != AF_INET6)
    snprintf(out, ADDRESS_TEXT_SIZE, "%.100s:%u", host, address_port(address));
  else
    snprintf(out, ADDRESS_TEXT_SIZE, "[%.100s]:%u", host, address_port(address));
  return out;
}

const char *endpoint_format(const struct endpoint *endpoint, char out[ADDRESS_TEXT_SIZE]) {
  if (endpoint->transport != TRANSPORT_UNIX) return address_format(&endpoint->address, out);
  snprintf(out, ADDRESS_TEXT_SIZE, UNIX_PREFIX "%s", endpoint->path);
  return out;
}

const char *transport_name(enum transport transport) {
  static const char *const names[] = {[TRANSPORT_TCP] = "tcp", [TRANSPORT_UDP] = "udp", [TRANSPORT_UNIX] = "unix"};
  return names[transport];
}
