/* From the kernel's messages about marked packets to what became of them. Internal to the rule_trace seam. Pure: the
 * messages may be whatever bytes. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_TRACE_READING_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_TRACE_READING_LINUX_H

#include "client/check/firewall/nft_netlink_linux.h"
#include "client/check/firewall/traced_rule.h"

#define TRACE_RULES_MAX   96
#define TRACE_PACKETS_MAX 32
#define TRACE_JUMPS_MAX   16

/* A rule that a packet met. */
struct trace_step {
  unsigned family;
  bool is_reply;
  char table[RULE_NAME_SIZE];
  char chain[RULE_NAME_SIZE];
  char base_chain[RULE_NAME_SIZE];
  uint64_t handle;
  uint32_t verdict;
  bool is_policy;
  bool has_jump;
  char jump_chain[RULE_NAME_SIZE];
  uint64_t jump_handle;
};

struct trace_jump {
  char from[RULE_NAME_SIZE];
  char to[RULE_NAME_SIZE];
  uint64_t handle;
};

struct trace_packet {
  bool is_used;
  uint32_t id;
  bool is_reply;
  char base_chain[RULE_NAME_SIZE];
  size_t jump_count;
  struct trace_jump jumps[TRACE_JUMPS_MAX];
};

struct trace_reading {
  const char *own_table; /* whose chains are places */
  struct sockaddr_storage target;
  size_t packet_count; /* also of those that are forgotten: the ring's next place */
  struct trace_packet packets[TRACE_PACKETS_MAX];
  bool request[TRACE_PLACES];
  bool reply[TRACE_PLACES];
  bool has_drop;
  struct trace_step drop; /* the first */
  bool has_queue;
  struct trace_step queue; /* the last that handed a packet over which was not seen since */
  struct sockaddr_storage real_end;
  size_t step_count; /* rules that what was sent met, and that let it go on */
  struct trace_step steps[TRACE_RULES_MAX];
};

/* Takes one message in; others than those of a trace are passed over. */
void trace_reading_take(struct trace_reading *reading, const struct nft_answer *answer);

#endif
