/* Messages of a trace, as the kernel or somebody in its place tells them. */
/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <string.h>

#include "client/check/firewall/nft_netlink_linux.h"
#include "client/check/firewall/trace_reading_linux.h"
#include "common/net/address.h"
#include "tests/fuzz/fuzz.h"

#define SEEDS_MAX 10
#define PORT      7777

struct fuzz_seed fuzz_seeds[SEEDS_MAX];
size_t fuzz_seed_count;

/* From port 40000 of 127.0.0.1 to 7777, what goes back, and to a server elsewhere; the ports come first. */
static const uint8_t request4[20] = {0x45, [12] = 127, 0, 0, 1, 127, 0, 0, 1};
static const uint8_t moved4[20] = {0x45, [12] = 127, 0, 0, 1, 172, 17, 0, 2};
static const uint8_t request6[40] = {0x60, [23] = 1, [39] = 1};
static const uint8_t to_server[4] = {0x9c, 0x40, 0x1e, 0x61}, to_client[4] = {0x1e, 0x61, 0x9c, 0x40};

struct told {
  uint32_t id, type;
  const char *table, *chain;
  int code;
  const char *jump;
};

static void put_message(struct nft_batch *batch, const struct told *told, const uint8_t *network, size_t network_bytes,
                        const uint8_t *ports) {
  nft_batch_open(batch, NFT_MSG_TRACE, 0, NFPROTO_INET);
  nft_put_u32(batch, NFTA_TRACE_ID, told->id);
  nft_put_u32(batch, NFTA_TRACE_TYPE, told->type);
  nft_put_text(batch, NFTA_TRACE_TABLE, told->table);
  nft_put_text(batch, NFTA_TRACE_CHAIN, told->chain);
  if (told->type == NFT_TRACETYPE_POLICY) {
    nft_put_u32(batch, NFTA_TRACE_POLICY, (uint32_t)told->code);
  } else {
    nft_put_u64(batch, NFTA_TRACE_RULE_HANDLE, 9);
    size_t verdict = nft_nest(batch, NFTA_TRACE_VERDICT);
    nft_put_u32(batch, NFTA_VERDICT_CODE, (uint32_t)told->code);
    if (told->jump != NULL) nft_put_text(batch, NFTA_VERDICT_CHAIN, told->jump);
    nft_unnest(batch, verdict);
  }
  if (network != NULL) {
    nft_put(batch, NFTA_TRACE_NETWORK_HEADER, network, network_bytes);
    nft_put(batch, NFTA_TRACE_TRANSPORT_HEADER, ports, 4);
  }
}

static void keep(struct nft_batch *batch) {
  static uint8_t kept[SEEDS_MAX][2048];
  nft_batch_close(batch);
  FUZZ_CHECK(fuzz_seed_count < SEEDS_MAX && batch->used <= sizeof kept[0]);
  memcpy(kept[fuzz_seed_count], batch->bytes, batch->used);
  fuzz_seeds[fuzz_seed_count] = (struct fuzz_seed){kept[fuzz_seed_count], batch->used};
  fuzz_seed_count++;
  memset(batch, 0, sizeof *batch);
}

void fuzz_build_seeds(void) {
  static struct nft_batch batch;
  const struct told sent = {1, NFT_TRACETYPE_RULE, "own", "sent", NF_ACCEPT, NULL};
  const struct told left = {1, NFT_TRACETYPE_RULE, "own", "left", NF_ACCEPT, NULL};
  const struct told came = {2, NFT_TRACETYPE_RULE, "own", "came", NF_ACCEPT, NULL};
  const struct told jump = {1, NFT_TRACETYPE_RULE, "t", "input", NFT_JUMP, "c"};
  const struct told drop = {1, NFT_TRACETYPE_RULE, "t", "c", NF_DROP, NULL};
  const struct told queue = {1, NFT_TRACETYPE_RULE, "t", "input", NF_QUEUE, NULL};
  const struct told policy = {1, NFT_TRACETYPE_POLICY, "t", "input", NF_DROP, NULL};
  const struct told nothing = {1, NFT_TRACETYPE_UNSPEC, "t", "elsewhere", NF_ACCEPT, NULL};
  const struct told stranger = {1, NFT_TRACETYPE_RULE, "own", "no place", NF_ACCEPT, NULL};
  put_message(&batch, &sent, request4, sizeof request4, to_server);
  put_message(&batch, &jump, request4, sizeof request4, to_server);
  put_message(&batch, &drop, NULL, 0, NULL);
  keep(&batch);
  put_message(&batch, &sent, request4, sizeof request4, to_server);
  put_message(&batch, &left, moved4, sizeof moved4, to_server);
  put_message(&batch, &came, request4, sizeof request4, to_client);
  keep(&batch);
  put_message(&batch, &queue, request4, sizeof request4, to_server);
  put_message(&batch, &left, request4, sizeof request4, to_server);
  put_message(&batch, &stranger, NULL, 0, NULL);
  keep(&batch);
  put_message(&batch, &policy, request6, sizeof request6, to_server);
  put_message(&batch, &nothing, request6, sizeof request6, to_client);
  keep(&batch);
  for (int i = 0; i < 10; i++)
    put_message(&batch, &jump, NULL, 0, NULL);
  keep(&batch);
  nft_batch_open_other(&batch, 2 /* NLMSG_ERROR */, 0, 0);
  keep(&batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  /* Static, because it is large; every input begins with an empty one. */
  static struct trace_reading nothing, kept;
  struct trace_reading *reading = &kept;
  struct nft_answer answer;
  kept = nothing;
  reading->own_table = "own";
  uv_ip4_addr("127.0.0.1", PORT, (struct sockaddr_in *)&reading->target);
  while (nft_netlink_next(&input, &length, &answer))
    trace_reading_take(reading, &answer);
  FUZZ_CHECK(reading->step_count <= TRACE_RULES_MAX);
  FUZZ_CHECK(memchr(reading->drop.table, '\0', sizeof reading->drop.table) != NULL);
  FUZZ_CHECK(!reading->has_queue || memchr(reading->queue.chain, '\0', sizeof reading->queue.chain) != NULL);
  return 0;
}
