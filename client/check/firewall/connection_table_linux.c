/* See connection_table.h. Connections are asked for over netlink (linux/netfilter/nfnetlink_conntrack.h). */
#include "client/check/firewall/connection_table.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <arpa/inet.h>
#include <inttypes.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/firewall/nft_netlink_linux.h"
#include "common/machine/proc_file_linux.h"
#include "common/memory/memory.h"

#define SETTINGS "/proc/sys/net/netfilter/nf_conntrack_"

static bool read_number(const char *file_name, uint64_t *number) {
  FILE *file = proc_file_open(file_name);
  if (file == NULL) return false;
  bool is_read = fscanf(file, "%" SCNu64, number) == 1;
  fclose(file);
  return is_read;
}

void connection_table_read(struct connection_table *table) {
  memset(table, 0, sizeof *table);
  table->is_known = read_number(SETTINGS "count", &table->count) && read_number(SETTINGS "max", &table->most);
}

bool connection_table_is_full(const struct connection_table *table) {
  return table->is_known && table->most > 0 && table->count >= table->most;
}

static void put_address(struct nft_batch *batch, const struct sockaddr_storage *address, unsigned type4,
                        unsigned type6) {
  if (address->ss_family == AF_INET6)
    nft_put(batch, type6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, sizeof(struct in6_addr));
  else
    nft_put(batch, type4, &((const struct sockaddr_in *)(const void *)address)->sin_addr, sizeof(struct in_addr));
}

static void put_tuple(struct nft_batch *batch, const struct endpoint *target, const struct sockaddr_storage *source) {
  uint8_t protocol = target->transport == TRANSPORT_UDP ? IPPROTO_UDP : IPPROTO_TCP;
  uint16_t from = htons(address_port(source)), to = htons(address_port(&target->address));
  size_t tuple = nft_nest(batch, CTA_TUPLE_ORIG), part = nft_nest(batch, CTA_TUPLE_IP);
  put_address(batch, source, CTA_IP_V4_SRC, CTA_IP_V6_SRC);
  put_address(batch, &target->address, CTA_IP_V4_DST, CTA_IP_V6_DST);
  nft_unnest(batch, part);
  part = nft_nest(batch, CTA_TUPLE_PROTO);
  nft_put(batch, CTA_PROTO_NUM, &protocol, sizeof protocol);
  nft_put(batch, CTA_PROTO_SRC_PORT, &from, sizeof from);
  nft_put(batch, CTA_PROTO_DST_PORT, &to, sizeof to);
  nft_unnest(batch, part);
  nft_unnest(batch, tuple);
}

/* The source of the replies. */
static void on_connection(void *owner, const struct nft_answer *answer) {
  struct sockaddr_storage *end = owner;
  struct sockaddr_in *in = (void *)end;
  struct sockaddr_in6 *in6 = (void *)end;
  struct nft_attribute tuple, part, address, port;
  if (!nft_find(answer->attributes, answer->length, CTA_TUPLE_REPLY, &tuple) ||
      !nft_find(tuple.bytes, tuple.length, CTA_TUPLE_IP, &part))
    return;
  if (nft_find(part.bytes, part.length, CTA_IP_V4_SRC, &address) && address.length == sizeof in->sin_addr) {
    in->sin_family = AF_INET;
    memcpy(&in->sin_addr, address.bytes, sizeof in->sin_addr);
  } else if (nft_find(part.bytes, part.length, CTA_IP_V6_SRC, &address) && address.length == sizeof in6->sin6_addr) {
    in6->sin6_family = AF_INET6;
    memcpy(&in6->sin6_addr, address.bytes, sizeof in6->sin6_addr);
  } else {
    return;
  }
  if (nft_find(tuple.bytes, tuple.length, CTA_TUPLE_PROTO, &part) &&
      nft_find(part.bytes, part.length, CTA_PROTO_SRC_PORT, &port) && port.length == 2)
    address_set_port(end, (uint16_t)(port.bytes[0] << 8 | port.bytes[1]));
}

bool connection_table_find_end(const struct endpoint *target, const struct sockaddr_storage *source,
                               struct sockaddr_storage *end) {
  struct connection_table table;
  memset(end, 0, sizeof *end);
  /* Asked about what is not there, the kernel would load its modules for it. */
  connection_table_read(&table);
  struct nft_batch *batch = table.is_known ? memory_take_zeroed(1, sizeof *batch) : NULL;
  if (batch == NULL) return false;
  nft_batch_open_other(batch, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET, NLM_F_ACK, target->address.ss_family);
  put_tuple(batch, target, source);
  nft_batch_close(batch);
  int code = nft_netlink_ask(batch, on_connection, end);
  free(batch);
  bool is_there = end->ss_family != 0 && address_same_host(end, &target->address) &&
                  address_port(end) == address_port(&target->address);
  return code == 0 && end->ss_family != 0 && !is_there;
}
