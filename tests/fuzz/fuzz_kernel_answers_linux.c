/*
 * What the kernel answers to each of the questions that are asked over netlink: the whole asking, with these functions
 * in place of the C library's. They come from the kernel, and are read as if they came from anybody.
 *
 * Of an input the first byte says who asks; then come datagrams, each with its length in two bytes.
 */
/* A fortified recv() is another function, and this one is to be the C library's. */
#undef _FORTIFY_SOURCE
/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <errno.h>
#include <linux/if_link.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "client/check/firewall/connection_table.h"
#include "client/check/firewall/lo_programs.h"
#include "client/check/firewall/nft_lookup_linux.h"
#include "client/check/firewall/nft_netlink_linux.h"
#include "client/check/firewall/route_check.h"
#include "client/sockets/unix_diag_linux.h"
#include "common/sockets/kernel_port.h"
#include "tests/fuzz/fuzz.h"

#define SEEDS_MAX 24
#define PORT      7777
#define HANDLE    9

struct fuzz_seed fuzz_seeds[SEEDS_MAX];
size_t fuzz_seed_count;

static const uint8_t *given;
static size_t given_left;

static ssize_t give(void *bytes, size_t room) {
  if (given_left < 2) {
    errno = EAGAIN;
    return -1;
  }
  size_t length = (size_t)(given[0] | given[1] << 8);
  given += 2;
  given_left -= 2;
  if (length > given_left) length = given_left;
  size_t told = length < room ? length : room;
  memcpy(bytes, given, told);
  given += length;
  given_left -= length;
  return (ssize_t)told;
}

ssize_t recv(int socket, void *bytes, size_t room, int flags) {
  (void)socket;
  (void)flags;
  return give(bytes, room);
}

ssize_t recvfrom(int socket, void *restrict bytes, size_t room, int flags, struct sockaddr *restrict from,
                 socklen_t *restrict from_length) {
  (void)socket;
  (void)flags;
  if (from != NULL) memset(from, 0, *from_length);
  return give(bytes, room);
}

ssize_t send(int socket, const void *bytes, size_t length, int flags) {
  (void)socket;
  (void)bytes;
  (void)flags;
  return (ssize_t)length;
}

ssize_t sendto(int socket, const void *bytes, size_t length, int flags, const struct sockaddr *to,
               socklen_t to_length) {
  (void)to;
  (void)to_length;
  return send(socket, bytes, length, flags);
}

enum asker {
  ASK_RULE,
  ASK_HOOK,
  ASK_BEHIND,
  ASK_ADDRESS,
  ASK_CHAINS,
  ASK_RULES,
  ASK_CONNECTION,
  ASK_ROUTE,
  ASK_PROGRAMS,
  ASK_UNIX,
  ASK_KERNEL_PORT,
  ASKERS,
};

/* --- seeds ------------------------------------------------------------------------------------------------------ */

static uint8_t seed[4096];
static size_t seed_bytes;

static void begin_seed(enum asker asker) {
  seed[0] = (uint8_t)asker;
  seed_bytes = 1;
}

static void put_datagram(const void *bytes, size_t length) {
  FUZZ_CHECK(seed_bytes + 2 + length <= sizeof seed);
  seed[seed_bytes] = (uint8_t)length;
  seed[seed_bytes + 1] = (uint8_t)(length >> 8);
  memcpy(seed + seed_bytes + 2, bytes, length);
  seed_bytes += 2 + length;
}

static void keep_seed(void) {
  static uint8_t kept[SEEDS_MAX][sizeof seed];
  FUZZ_CHECK(fuzz_seed_count < SEEDS_MAX);
  memcpy(kept[fuzz_seed_count], seed, seed_bytes);
  fuzz_seeds[fuzz_seed_count] = (struct fuzz_seed){kept[fuzz_seed_count], seed_bytes};
  fuzz_seed_count++;
}

static void put_batch(struct nft_batch *batch) {
  nft_batch_close(batch);
  put_datagram(batch->bytes, batch->used);
  memset(batch, 0, sizeof *batch);
}

static void put_end(uint16_t type, int code) {
  struct {
    struct nlmsghdr header;
    int code;
  } end = {.header = {.nlmsg_len = sizeof end, .nlmsg_type = type}, .code = code};
  put_datagram(&end, sizeof end);
}

struct chain {
  unsigned family;
  const char *table, *name, *type;
  uint32_t hook;
  int32_t priority;
};

static void put_chain(struct nft_batch *batch, const struct chain *chain) {
  nft_batch_open(batch, NFT_MSG_NEWCHAIN, 0, chain->family);
  nft_put_text(batch, NFTA_CHAIN_TABLE, chain->table);
  nft_put_text(batch, NFTA_CHAIN_NAME, chain->name);
  if (chain->type == NULL) return;
  nft_put_text(batch, NFTA_CHAIN_TYPE, chain->type);
  size_t hook = nft_nest(batch, NFTA_CHAIN_HOOK);
  nft_put_u32(batch, NFTA_HOOK_HOOKNUM, chain->hook);
  nft_put_u32(batch, NFTA_HOOK_PRIORITY, (uint32_t)chain->priority);
  nft_unnest(batch, hook);
}

static void build_chains(struct nft_batch *batch) {
  static const struct chain chains[] = {
      {NFPROTO_INET, "t", "input", "filter", NF_INET_LOCAL_IN, 0},
      {NFPROTO_INET, "own", "came", "filter", NF_INET_LOCAL_IN, -400},
      {NFPROTO_IPV4, "n", "nat", "nat", NF_INET_LOCAL_OUT, -100},
      {NFPROTO_NETDEV, "d", "in", "filter", NF_NETDEV_INGRESS, 0},
      {NFPROTO_INET, "i", "ingress", "filter", NF_INET_INGRESS, 0},
      {NFPROTO_IPV6, "t", "forward", "filter", NF_INET_FORWARD, 0},
      {NFPROTO_IPV6, "t", "odd", "filter", 99, 0},
      {NFPROTO_INET, "t", "jump", NULL, 0, 0},
  };
  static const enum asker askers[] = {ASK_HOOK, ASK_BEHIND, ASK_CHAINS};
  for (size_t i = 0; i < sizeof askers / sizeof askers[0]; i++) {
    begin_seed(askers[i]);
    /* The first is the chain's own; what follows it is the listing of all. */
    put_chain(batch, &chains[1]);
    put_batch(batch);
    if (askers[i] == ASK_BEHIND) put_end(NLMSG_ERROR, 0);
    for (size_t j = 0; j < sizeof chains / sizeof chains[0]; j++) {
      put_chain(batch, &chains[j]);
      put_batch(batch);
    }
    put_end(NLMSG_DONE, 0);
    keep_seed();
  }
}

static void build_rules(struct nft_batch *batch) {
  static const enum asker askers[] = {ASK_RULE, ASK_RULES};
  for (size_t i = 0; i < sizeof askers / sizeof askers[0]; i++) {
    begin_seed(askers[i]);
    for (uint64_t handle = HANDLE - 1; handle <= HANDLE; handle++) {
      nft_batch_open(batch, NFT_MSG_NEWRULE, 0, NFPROTO_INET);
      nft_put_text(batch, NFTA_RULE_TABLE, "t");
      nft_put_text(batch, NFTA_RULE_CHAIN, "input");
      nft_put_u64(batch, NFTA_RULE_HANDLE, handle);
      size_t expressions = nft_nest(batch, NFTA_RULE_EXPRESSIONS), element = nft_nest(batch, NFTA_LIST_ELEM);
      nft_put_text(batch, NFTA_EXPR_NAME, "counter");
      nft_unnest(batch, element);
      nft_unnest(batch, expressions);
      nft_put(batch, NFTA_RULE_USERDATA, "\0\4why", 6);
      put_batch(batch);
    }
    put_end(NLMSG_DONE, 0);
    keep_seed();
  }
}

static void build_sets(struct nft_batch *batch) {
  begin_seed(ASK_ADDRESS);
  nft_batch_open(batch, NFT_MSG_NEWSET, 0, NFPROTO_INET);
  nft_put_u32(batch, NFTA_SET_FLAGS, 0);
  put_batch(batch);
  put_end(NLMSG_ERROR, 0);
  nft_batch_open(batch, NFT_MSG_NEWSETELEM, 0, NFPROTO_INET);
  put_batch(batch);
  put_end(NLMSG_ERROR, 0);
  keep_seed();
}

static void build_connections(struct nft_batch *batch) {
  static const uint8_t address[16] = {172, 17, 0, 2}, port[2] = {0x1e, 0x61};
  for (int is_ipv6 = 0; is_ipv6 < 2; is_ipv6++) {
    begin_seed(ASK_CONNECTION);
    nft_batch_open_other(batch, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW, 0, AF_INET);
    size_t tuple = nft_nest(batch, CTA_TUPLE_REPLY), part = nft_nest(batch, CTA_TUPLE_IP);
    nft_put(batch, is_ipv6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC, address, is_ipv6 ? 16 : 4);
    nft_unnest(batch, part);
    part = nft_nest(batch, CTA_TUPLE_PROTO);
    nft_put(batch, CTA_PROTO_SRC_PORT, port, sizeof port);
    nft_unnest(batch, part);
    nft_unnest(batch, tuple);
    put_batch(batch);
    put_end(NLMSG_ERROR, 0);
    keep_seed();
  }
}

static void build_routes(void) {
  struct {
    struct nlmsghdr header;
    struct rtmsg route;
  } told = {.header = {.nlmsg_len = sizeof told, .nlmsg_type = RTM_NEWROUTE}, .route = {.rtm_type = RTN_LOCAL}};
  begin_seed(ASK_ROUTE);
  put_datagram(&told, sizeof told);
  keep_seed();
  begin_seed(ASK_ROUTE);
  put_end(NLMSG_ERROR, -ENETUNREACH);
  keep_seed();
}

static void build_programs(void) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
    struct rtattr xdp_head, program_head;
    uint32_t program;
  } link = {.header = {.nlmsg_len = sizeof link, .nlmsg_type = RTM_NEWLINK},
            .xdp_head = {.rta_len = RTA_LENGTH(RTA_LENGTH(4)), .rta_type = IFLA_XDP},
            .program_head = {.rta_len = RTA_LENGTH(4), .rta_type = IFLA_XDP_PROG_ID},
            .program = 5};
  struct {
    struct nlmsghdr header;
    struct tcmsg where;
    struct rtattr kind_head;
    char kind[8];
  } filter = {.header = {.nlmsg_len = sizeof filter, .nlmsg_type = RTM_NEWTFILTER},
              .kind_head = {.rta_len = RTA_LENGTH(8), .rta_type = TCA_KIND},
              .kind = "u32"},
    queue = filter;
  queue.header.nlmsg_type = RTM_NEWQDISC;
  queue.where = (struct tcmsg){.tcm_ifindex = 1, .tcm_parent = TC_H_ROOT};
  memcpy(queue.kind, "netem", 6);
  begin_seed(ASK_PROGRAMS);
  put_datagram(&link, sizeof link);
  for (int i = 0; i < 3; i++) {
    put_datagram(&filter, sizeof filter);
    put_datagram(&filter, sizeof filter);
    put_end(NLMSG_DONE, 0);
  }
  put_datagram(&queue, sizeof queue);
  put_end(NLMSG_DONE, 0);
  keep_seed();
}

static void build_sockets(void) {
  struct {
    struct nlmsghdr header;
    struct unix_diag_msg told;
    struct rtattr name_head;
    char name[8];
  } socket = {.header = {.nlmsg_len = sizeof socket, .nlmsg_type = SOCK_DIAG_BY_FAMILY},
              .told = {.udiag_family = AF_UNIX, .udiag_type = SOCK_STREAM, .udiag_state = 10, .udiag_ino = 9},
              .name_head = {.rta_len = RTA_LENGTH(8), .rta_type = UNIX_DIAG_NAME},
              .name = "/run/x"};
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
    struct rtattr name_head;
    char name[4];
    struct rtattr info_head, kind_head;
    char kind[8];
    struct rtattr data_head, port_head;
    uint16_t port, unused;
  } tunnel = {.header = {.nlmsg_len = sizeof tunnel, .nlmsg_type = RTM_NEWLINK},
              .name_head = {.rta_len = RTA_LENGTH(4), .rta_type = IFLA_IFNAME},
              .name = "vx0",
              .info_head = {.rta_len = 4 + 4 + 8 + 4 + 4 + 4, .rta_type = IFLA_LINKINFO},
              .kind_head = {.rta_len = RTA_LENGTH(6), .rta_type = IFLA_INFO_KIND},
              .kind = "vxlan",
              .data_head = {.rta_len = 4 + 4 + 4, .rta_type = IFLA_INFO_DATA},
              .port_head = {.rta_len = RTA_LENGTH(2), .rta_type = IFLA_VXLAN_PORT},
              .port = htons(PORT)};
  begin_seed(ASK_UNIX);
  put_datagram(&socket, sizeof socket);
  put_end(NLMSG_DONE, 0);
  keep_seed();
  begin_seed(ASK_UNIX);
  put_end(NLMSG_ERROR, -ENOENT);
  keep_seed();
  begin_seed(ASK_KERNEL_PORT);
  put_datagram(&socket, sizeof socket);
  put_datagram(&tunnel, sizeof tunnel);
  keep_seed();
  begin_seed(ASK_KERNEL_PORT);
  put_end(NLMSG_DONE, 0);
  keep_seed();
}

void fuzz_build_seeds(void) {
  static struct nft_batch batch;
  build_chains(&batch);
  build_rules(&batch);
  build_sets(&batch);
  build_connections(&batch);
  build_routes();
  build_programs();
  build_sockets();
}

/* --- the askers --------------------------------------------------------------------------------------------------- */

static void on_chain(void *owner, unsigned family, const char *table, const char *chain) {
  (void)owner;
  (void)family;
  FUZZ_CHECK(strlen(table) < RULE_NAME_SIZE && strlen(chain) < RULE_NAME_SIZE);
}

static void on_rule(void *owner, unsigned family, const char *table, const char *chain,
                    const struct nft_attribute *expressions) {
  on_chain(owner, family, table, chain);
  FUZZ_CHECK(expressions->bytes != NULL || expressions->length == 0);
}

static bool on_socket(const struct unix_row *row, void *visitor) {
  (void)visitor;
  FUZZ_CHECK(memchr(row->name, '\0', sizeof row->name) != NULL);
  return true;
}

static void ask_for_rule(void) {
  const struct nft_rule_place place = {.family = NFPROTO_INET, .table = "t", .chain = "input", .handle = HANDLE};
  struct nft_rule_facts facts;
  char comment[RULE_COMMENT_SIZE];
  /* Without its text: for that it would ask nft's library. */
  nft_lookup_rule(&place, PORT, NULL, comment, &facts);
  FUZZ_CHECK(memchr(comment, '\0', sizeof comment) != NULL);
}

static void ask_for_connection(const struct endpoint *target) {
  struct sockaddr_storage source = target->address, end;
  if (connection_table_find_end(target, &source, &end))
    FUZZ_CHECK(end.ss_family == AF_INET || end.ss_family == AF_INET6);
}

static void ask_for_programs(void) {
  struct lo_programs programs;
  lo_programs_read(&programs);
  FUZZ_CHECK(programs.filter_count <= LO_FILTERS_MAX);
  FUZZ_CHECK(memchr(programs.qdisc, '\0', sizeof programs.qdisc) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  struct endpoint target = {.transport = TRANSPORT_TCP};
  char hook[RULE_HOOK_SIZE], name[KERNEL_PORT_NAME_SIZE];
  if (length == 0) return 0;
  given = input + 1;
  given_left = length - 1;
  uv_ip4_addr("127.0.0.1", PORT, (struct sockaddr_in *)&target.address);
  switch ((enum asker)(input[0] % ASKERS)) {
    case ASK_RULE:
      ask_for_rule();
      break;
    case ASK_HOOK:
      nft_lookup_hook(NFPROTO_INET, "t", "input", hook);
      FUZZ_CHECK(memchr(hook, '\0', sizeof hook) != NULL);
      break;
    case ASK_BEHIND:
      (void)nft_lookup_count_behind(NFPROTO_INET, "own", "came", "own");
      break;
    case ASK_ADDRESS:
      (void)nft_lookup_has_address(NFPROTO_INET, "t", "s", &target.address);
      break;
    case ASK_CHAINS:
      (void)nft_lookup_chains(on_chain, NULL);
      break;
    case ASK_RULES:
      (void)nft_lookup_rules(on_rule, NULL);
      break;
    case ASK_CONNECTION:
      ask_for_connection(&target);
      break;
    case ASK_ROUTE:
      (void)route_check_is_open(&target);
      break;
    case ASK_PROGRAMS:
      ask_for_programs();
      break;
    case ASK_UNIX:
      (void)unix_diag_list(0, on_socket, NULL);
      break;
    case ASK_KERNEL_PORT:
      if (kernel_port_find(PORT, name)) FUZZ_CHECK(memchr(name, '\0', sizeof name) != NULL);
      break;
    case ASKERS:
      break;
  }
  return 0;
}
