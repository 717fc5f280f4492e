/*
 * See trace_reading_linux.h. Of each packet the kernel tells every rule that it met: "this rule, this verdict". The
 * first message of a packet in a base chain carries the packet's headers; a rule in another chain was jumped to.
 */
#include "client/check/firewall/trace_reading_linux.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <string.h>

#include "client/check/firewall/nft_table_linux.h"

#define VERDICT_MASK 0xffu /* above it a drop may hold an error number, and a queue its number */

static void copy_name(char out[RULE_NAME_SIZE], const char *name) {
  snprintf(out, RULE_NAME_SIZE, "%s", name);
}

static void read_name(const struct nft_answer *answer, unsigned type, char out[RULE_NAME_SIZE]) {
  struct nft_attribute found;
  nft_find(answer->attributes, answer->length, type, &found);
  nft_text(&found, out, RULE_NAME_SIZE);
}

/* Where a packet comes from and goes to, as its headers say. False where they are no such headers. */
static bool read_ends(const struct nft_answer *answer, struct sockaddr_storage *source,
                      struct sockaddr_storage *target) {
  struct nft_attribute network, transport;
  memset(source, 0, sizeof *source);
  memset(target, 0, sizeof *target);
  if (!nft_find(answer->attributes, answer->length, NFTA_TRACE_NETWORK_HEADER, &network) ||
      !nft_find(answer->attributes, answer->length, NFTA_TRACE_TRANSPORT_HEADER, &transport) || transport.length < 4 ||
      network.length < 1)
    return false;
  if (network.bytes[0] >> 4 == 4 && network.length >= 20) {
    struct sockaddr_in *from = (void *)source, *to = (void *)target;
    from->sin_family = to->sin_family = AF_INET;
    memcpy(&from->sin_addr, network.bytes + 12, sizeof from->sin_addr);
    memcpy(&to->sin_addr, network.bytes + 16, sizeof to->sin_addr);
  } else if (network.bytes[0] >> 4 == 6 && network.length >= 40) {
    struct sockaddr_in6 *from = (void *)source, *to = (void *)target;
    from->sin6_family = to->sin6_family = AF_INET6;
    memcpy(&from->sin6_addr, network.bytes + 8, sizeof from->sin6_addr);
    memcpy(&to->sin6_addr, network.bytes + 24, sizeof to->sin6_addr);
  } else {
    return false;
  }
  address_set_port(source, (uint16_t)(transport.bytes[0] << 8 | transport.bytes[1]));
  address_set_port(target, (uint16_t)(transport.bytes[2] << 8 | transport.bytes[3]));
  return true;
}

static bool is_same_end(const struct sockaddr_storage *one, const struct sockaddr_storage *other) {
  return one->ss_family == other->ss_family && address_same_host(one, other) &&
         address_port(one) == address_port(other);
}

static struct trace_packet *find_packet(struct trace_reading *reading, uint32_t id) {
  for (size_t i = 0; i < TRACE_PACKETS_MAX; i++)
    if (reading->packets[i].is_used && reading->packets[i].id == id) return &reading->packets[i];
  struct trace_packet *packet = &reading->packets[reading->packet_count++ % TRACE_PACKETS_MAX];
  memset(packet, 0, sizeof *packet);
  packet->is_used = true;
  packet->id = id;
  return packet;
}

/* A message with headers begins a packet's way through a base chain. */
static void begin_chain(struct trace_reading *reading, struct trace_packet *packet, const char *chain,
                        const struct sockaddr_storage *source, const struct sockaddr_storage *target) {
  copy_name(packet->base_chain, chain);
  packet->jump_count = 0;
  packet->is_reply = is_same_end(source, &reading->target) && !is_same_end(target, &reading->target);
}

static void note_place(struct trace_reading *reading, const struct trace_packet *packet, const char *chain,
                       const struct sockaddr_storage *target) {
  enum trace_place place = nft_table_place(chain);
  if (place == TRACE_PLACES) return;
  (packet->is_reply ? reading->reply : reading->request)[place] = true;
  if (place == TRACE_SENT) return;
  if (reading->has_queue && reading->queue.is_reply == packet->is_reply) reading->has_queue = false;
  if (packet->is_reply || target == NULL || place == TRACE_CAME) return;
  if (!is_same_end(target, &reading->target)) reading->real_end = *target;
}

static void push_jump(struct trace_packet *packet, const struct nft_attribute *verdict, const char *chain,
                      uint64_t handle) {
  struct nft_attribute to;
  if (packet->jump_count == TRACE_JUMPS_MAX) return;
  struct trace_jump *jump = &packet->jumps[packet->jump_count++];
  nft_find(verdict->bytes, verdict->length, NFTA_VERDICT_CHAIN, &to);
  nft_text(&to, jump->to, sizeof jump->to);
  copy_name(jump->from, chain);
  jump->handle = handle;
}

static void fill_step(struct trace_step *step, const struct nft_answer *answer, const struct trace_packet *packet) {
  struct nft_attribute handle;
  memset(step, 0, sizeof *step);
  step->family = answer->family;
  step->is_reply = packet->is_reply;
  read_name(answer, NFTA_TRACE_TABLE, step->table);
  read_name(answer, NFTA_TRACE_CHAIN, step->chain);
  copy_name(step->base_chain, packet->base_chain);
  nft_find(answer->attributes, answer->length, NFTA_TRACE_RULE_HANDLE, &handle);
  step->handle = nft_u64(&handle);
  for (size_t i = packet->jump_count; i > 0 && !step->has_jump; i--) {
    const struct trace_jump *jump = &packet->jumps[i - 1];
    if (strcmp(jump->to, step->chain) != 0) continue;
    step->has_jump = true;
    copy_name(step->jump_chain, jump->from);
    step->jump_handle = jump->handle;
  }
}

static void take_verdict(struct trace_reading *reading, const struct trace_step *step) {
  uint32_t code = step->verdict & VERDICT_MASK;
  bool is_jump = (int32_t)step->verdict < 0;
  if (!is_jump && code == NF_DROP) {
    if (!reading->has_drop) reading->drop = *step;
    reading->has_drop = true;
  } else if (!is_jump && code == NF_QUEUE) {
    reading->has_queue = true;
    reading->queue = *step;
  } else if (!step->is_policy && !step->is_reply && reading->step_count < TRACE_RULES_MAX) {
    reading->steps[reading->step_count++] = *step;
  }
}

static bool read_verdict(const struct nft_answer *answer, bool is_policy, struct nft_attribute *verdict,
                         uint32_t *code) {
  struct nft_attribute found;
  if (is_policy) {
    bool is_told = nft_find(answer->attributes, answer->length, NFTA_TRACE_POLICY, &found);
    *code = nft_u32(&found);
    return is_told;
  }
  if (!nft_find(answer->attributes, answer->length, NFTA_TRACE_VERDICT, verdict) ||
      !nft_find(verdict->bytes, verdict->length, NFTA_VERDICT_CODE, &found))
    return false;
  *code = nft_u32(&found);
  return true;
}

void trace_reading_take(struct trace_reading *reading, const struct nft_answer *answer) {
  struct nft_attribute found, verdict = {0};
  struct sockaddr_storage source, target;
  char table[RULE_NAME_SIZE], chain[RULE_NAME_SIZE];
  struct trace_step step;
  if (answer->type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE)) return;
  if (!nft_find(answer->attributes, answer->length, NFTA_TRACE_ID, &found)) return;
  struct trace_packet *packet = find_packet(reading, nft_u32(&found));
  read_name(answer, NFTA_TRACE_TABLE, table);
  read_name(answer, NFTA_TRACE_CHAIN, chain);
  bool has_ends = read_ends(answer, &source, &target);
  if (has_ends) begin_chain(reading, packet, chain, &source, &target);
  if (strcmp(table, reading->own_table) == 0) {
    note_place(reading, packet, chain, has_ends ? &target : NULL);
    return;
  }
  nft_find(answer->attributes, answer->length, NFTA_TRACE_TYPE, &found);
  uint32_t type = nft_u32(&found);
  if (type != NFT_TRACETYPE_RULE && type != NFT_TRACETYPE_POLICY) return;
  uint32_t code = 0;
  if (!read_verdict(answer, type == NFT_TRACETYPE_POLICY, &verdict, &code)) return;
  fill_step(&step, answer, packet);
  step.is_policy = type == NFT_TRACETYPE_POLICY;
  step.verdict = code;
  take_verdict(reading, &step);
  if ((int32_t)code == NFT_JUMP || (int32_t)code == NFT_GOTO) push_jump(packet, &verdict, chain, step.handle);
}
