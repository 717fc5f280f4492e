/* The special ranges of addresses, narrow ones before the wide ones that hold them. Pure. */
#include "client/explain/address_kind.h"

#include <stdio.h>
#include <string.h>

#include "common/text/units.h"

static const struct address_kind kinds[] = {
    {"0.0.0.0/32", "unspecified",
     "Of a server it means every IPv4 address of the machine: whoever listens on 0.0.0.0 can be reached by other "
     "machines as well, unless a firewall stops them. It is no address to connect to; Linux takes it for 127.0.0.1 "
     "then.",
     "RFC 1122 3.2.1.3"},
    {"127.0.0.1/32", "loopback",
     "The usual address of a machine talking to itself. What is sent there never leaves the machine, and other "
     "machines cannot reach it.",
     "RFC 1122 3.2.1.3"},
    {"127.0.0.0/8", "loopback",
     "All 16,777,216 addresses that begin with 127 mean this machine. A server on 127.0.0.1 is not reached by "
     "127.0.0.2: both are loopback, and still different addresses.",
     "RFC 1122 3.2.1.3"},
    {"10.0.0.0/8", "private",
     "An address of a local network. It can be reached within that network, and not from the internet.", "RFC 1918"},
    {"172.16.0.0/12", "private",
     "An address of a local network (containers often have one). It can be reached within that network, and not from "
     "the internet.",
     "RFC 1918"},
    {"192.168.0.0/16", "private",
     "An address of a local network. It can be reached within that network, and not from the internet.", "RFC 1918"},
    {"169.254.0.0/16", "link-local",
     "Given by a machine to itself when nobody else gave it an address. It reaches only the machines on the same "
     "cable or wireless network.",
     "RFC 3927"},
    {"100.64.0.0/10", "shared", "Used by internet providers between them and their customers.", "RFC 6598"},
    {"192.0.2.0/24", "documentation", "Set aside for examples in texts; nobody should have it.", "RFC 5737"},
    {"198.51.100.0/24", "documentation", "Set aside for examples in texts; nobody should have it.", "RFC 5737"},
    {"203.0.113.0/24", "documentation", "Set aside for examples in texts; nobody should have it.", "RFC 5737"},
    {"198.18.0.0/15", "benchmarking", "Set aside for measuring network devices.", "RFC 2544"},
    {"255.255.255.255/32", "broadcast",
     "A datagram to it goes to every machine on the same network. TCP cannot use it.", "RFC 919"},
    {"224.0.0.0/4", "multicast", "A datagram to it goes to every machine that joined the group. TCP cannot use it.",
     "RFC 5771"},
    {"240.0.0.0/4", "reserved", "Not in use.", "RFC 1112"},
    {"0.0.0.0/8", "this network", "Only as a sender's address of a machine that has none yet.", "RFC 1122 3.2.1.3"},
    {"0.0.0.0/0", "public", "An address of the internet at large.", "RFC 791"},
    {"::/128", "unspecified",
     "Of a server it means every IPv6 address of the machine, and mostly every IPv4 address too (dual-stack): other "
     "machines can reach it, unless a firewall stops them. It is no address to connect to; Linux takes it for ::1 "
     "then.",
     "RFC 4291 2.5.2"},
    {"::1/128", "loopback",
     "The IPv6 address of a machine talking to itself: what 127.0.0.1 is in IPv4. A server on 127.0.0.1 alone is not "
     "reached by it.",
     "RFC 4291 2.5.3"},
    {"::ffff:0:0/96", "IPv4-mapped",
     "An IPv4 address in the dress of IPv6: a dual-stack socket shows its IPv4 clients so.", "RFC 4291 2.5.5.2"},
    {"fe80::/10", "link-local",
     "Every IPv6 interface has one. It reaches only the same cable or wireless network, and needs the interface's "
     "name: fe80::1%eth0.",
     "RFC 4291 2.5.6"},
    {"fc00::/7", "private", "A unique local address: reached within one's own networks, and not from the internet.",
     "RFC 4193"},
    {"2001:db8::/32", "documentation", "Set aside for examples in texts; nobody should have it.", "RFC 3849"},
    {"ff00::/8", "multicast", "A datagram to it goes to every machine that joined the group. TCP cannot use it.",
     "RFC 4291 2.7"},
    {"::/0", "public", "An address of the internet at large.", "RFC 4291"},
};

/* The bytes of an address, and how many there are. */
static size_t bytes_of(const struct sockaddr_storage *address, const uint8_t **bytes) {
  if (address->ss_family == AF_INET) {
    *bytes = (const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr;
    return 4;
  }
  *bytes = (const uint8_t *)&((const struct sockaddr_in6 *)address)->sin6_addr;
  return address->ss_family == AF_INET6 ? 16 : 0;
}

/* The byte's bits that belong to a prefix of `prefix_bits`, as a mask. */
static uint8_t prefix_mask(unsigned prefix_bits, size_t byte) {
  unsigned before = (unsigned)byte * 8;
  if (prefix_bits >= before + 8) return 0xff;
  return prefix_bits <= before ? 0 : (uint8_t)(0xff << (8 - (prefix_bits - before)));
}

bool address_network_holds(const struct address_network *network, const struct sockaddr_storage *address) {
  const uint8_t *wanted, *bytes;
  size_t length = bytes_of(&network->address, &wanted);
  if (network->address.ss_family != address->ss_family || length == 0) return false;
  bytes_of(address, &bytes);
  for (size_t i = 0; i < length; i++)
    if (((bytes[i] ^ wanted[i]) & prefix_mask(network->prefix_bits, i)) != 0) return false;
  return true;
}

void address_network_last(const struct address_network *network, struct sockaddr_storage *last) {
  const uint8_t *bytes;
  size_t length = bytes_of(&network->address, &bytes);
  *last = network->address;
  uint8_t *out = last->ss_family == AF_INET ? (uint8_t *)&((struct sockaddr_in *)last)->sin_addr
                                            : (uint8_t *)&((struct sockaddr_in6 *)last)->sin6_addr;
  for (size_t i = 0; i < length; i++)
    out[i] |= (uint8_t)~prefix_mask(network->prefix_bits, i);
}

bool address_network_parse(const char *text, struct address_network *network) {
  char host[ADDRESS_TEXT_SIZE];
  uint64_t bits;
  const char *slash = strchr(text, '/');
  if (slash == NULL || (size_t)(slash - text) >= sizeof host) return false;
  memcpy(host, text, (size_t)(slash - text));
  host[slash - text] = '\0';
  memset(network, 0, sizeof *network);
  if (uv_ip4_addr(host, 0, (struct sockaddr_in *)&network->address) != 0) {
    memset(network, 0, sizeof *network);
    if (uv_ip6_addr(host, 0, (struct sockaddr_in6 *)&network->address) != 0) return false;
  }
  unsigned most = network->address.ss_family == AF_INET ? 32 : 128;
  if (units_parse_count(slash + 1, &bits) != UNITS_OK || bits > most) return false;
  network->prefix_bits = (unsigned)bits;
  return true;
}

const struct address_kind *address_kind_of(const struct sockaddr_storage *address) {
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    struct address_network network;
    if (address_network_parse(kinds[i].network, &network) && address_network_holds(&network, address)) return &kinds[i];
  }
  return NULL;
}
