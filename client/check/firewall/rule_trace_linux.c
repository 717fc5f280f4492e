/*
 * nftables' tracing over netlink: a table of our own marks the packets, the kernel tells what each rule did with them.
 * Must not know who asks; starts no other program.
 */
#include "client/check/firewall/rule_trace.h"

/* Before the kernel's headers, which then leave out what it defines. */
#include <netinet/in.h>

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/check/firewall/nft_lookup_linux.h"
#include "client/check/firewall/nft_netlink_linux.h"
#include "client/check/firewall/nft_table_linux.h"
#include "client/check/firewall/trace_reading_linux.h"
#include "common/machine/proc_file_linux.h"
#include "common/memory/memory.h"

#define KEPT_BYTES  (4 << 20) /* of messages that are not read yet; a rule's is about 300 */
#define TRACE_READS 4096      /* so many datagrams are read at a time at most */
#define QUEUE_SHIFT 16        /* a queue's number stands above its verdict */
#define QUEUES_FILE "/proc/net/netfilter/nfnetlink_queue"

struct rule_trace {
  int owner;    /* the table lives as long as this socket */
  int listener; /* tells what the rules do */
  char table[RULE_NAME_SIZE];
  struct endpoint target;
  union nft_buffer buffer;
  struct trace_reading reading;
};

static int open_listener(int *listener) {
  int group = NFNLGRP_NFTRACE, bytes = KEPT_BYTES;
  int code = nft_netlink_open(listener);
  if (code != 0) return code;
  /* Beyond the system's limit, which root may; what is lost all the same is told by ENOBUFS, and reading goes on. */
  (void)setsockopt(*listener, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  return setsockopt(*listener, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0 ? -errno : 0;
}

static int make_table(struct rule_trace *trace, const struct sockaddr_storage *source) {
  struct nft_batch batch;
  nft_table_make(&batch, trace->table, &trace->target, source);
  int code = nft_netlink_open(&trace->owner);
  if (code == 0) code = nft_netlink_send(trace->owner, &batch);
  return code == 0 ? nft_netlink_wait(trace->owner) : code;
}

int rule_trace_start(const struct endpoint *target, const struct sockaddr_storage *source, struct rule_trace **trace) {
  *trace = NULL;
  struct rule_trace *made = memory_take_zeroed(1, sizeof *made);
  if (made == NULL) return UV_ENOMEM;
  made->owner = made->listener = -1;
  made->target = *target;
  made->reading.target = target->address;
  made->reading.own_table = made->table;
  snprintf(made->table, sizeof made->table, "loping_check_%ld", (long)getpid());
  int code = open_listener(&made->listener);
  if (code == 0) code = make_table(made, source);
  if (code == 0)
    *trace = made;
  else
    rule_trace_stop(made);
  return code;
}

void rule_trace_stop(struct rule_trace *trace) {
  if (trace == NULL) return;
  if (trace->owner >= 0) close(trace->owner);
  if (trace->listener >= 0) close(trace->listener);
  free(trace);
}

bool rule_trace_read(struct rule_trace *trace) {
  for (int i = 0; i < TRACE_READS; i++) {
    ssize_t length = nft_netlink_receive(trace->listener, &trace->buffer, MSG_DONTWAIT);
    if (length == UV_ENOBUFS) continue;
    if (length < 0) break;
    const uint8_t *bytes = trace->buffer.bytes;
    size_t left = (size_t)length;
    struct nft_answer answer;
    while (nft_netlink_next(&bytes, &left, &answer))
      trace_reading_take(&trace->reading, &answer);
  }
  return trace->reading.has_drop;
}

/* Does a program read the queue? Each line of the file is a queue that has one; its first number is the queue's. */
static bool has_reader(uint16_t queue) {
  char line[256];
  bool is_read = false;
  FILE *file = proc_file_open(QUEUES_FILE);
  if (file == NULL) return false;
  while (!is_read && fgets(line, sizeof line, file) != NULL) {
    unsigned number;
    is_read = sscanf(line, "%u", &number) == 1 && number == queue;
  }
  fclose(file);
  return is_read;
}

/* The client's address is the one that the system gives to loopback, whatever the target's (RFC 1122, 3.2.1.3). */
static void find_element(const struct rule_trace *trace, const struct trace_step *step,
                         const struct nft_rule_facts *facts, struct traced_rule *rule) {
  struct sockaddr_storage client = trace->target.address;
  bool is_clients = facts->set_takes_source != step->is_reply;
  if (facts->set[0] == '\0') return;
  if (client.ss_family == AF_INET) ((struct sockaddr_in *)(void *)&client)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  rule->set_address = is_clients ? client : trace->target.address;
  if (nft_lookup_has_address(step->family, step->table, facts->set, &rule->set_address))
    memcpy(rule->set, facts->set, sizeof rule->set);
}

static void describe(const struct rule_trace *trace, const struct trace_step *step, enum rule_end end,
                     struct traced_rule *rule) {
  struct nft_rule_place place = {step->family, step->table, step->chain, step->handle};
  struct nft_rule_place jump = {step->family, step->table, step->jump_chain, step->jump_handle};
  struct nft_rule_facts facts;
  uint16_t port = address_port(&trace->target.address);
  memset(rule, 0, sizeof *rule);
  rule->end = end;
  rule->is_policy = step->is_policy;
  rule->is_reply = step->is_reply;
  rule->handle = step->handle;
  snprintf(rule->family, sizeof rule->family, "%s", nft_family_name(step->family));
  memcpy(rule->table, step->table, sizeof rule->table);
  memcpy(rule->chain, step->chain, sizeof rule->chain);
  memcpy(rule->base_chain, step->base_chain, sizeof rule->base_chain);
  nft_lookup_hook(step->family, step->table, step->base_chain, rule->hook);
  rule->chains_behind = nft_lookup_count_behind(step->family, step->table, step->base_chain, trace->table);
  if (step->is_policy) return;
  nft_lookup_rule(&place, port, rule->text, rule->comment, &facts);
  rule->names_port = step->is_reply ? facts.names_source_port : facts.names_target_port;
  rule->is_by_user = facts.is_by_user;
  find_element(trace, step, &facts, rule);
  rule->has_jump = step->has_jump;
  rule->jump_handle = step->jump_handle;
  memcpy(rule->jump_chain, step->jump_chain, sizeof rule->jump_chain);
  if (!step->has_jump) return;
  nft_lookup_rule(&jump, port, rule->jump_text, NULL, &facts);
  rule->names_port = rule->names_port || (step->is_reply ? facts.names_source_port : facts.names_target_port);
  rule->is_by_user = rule->is_by_user || facts.is_by_user;
}

/* Where the rule itself says that it sends packets. */
static void fill_end(const struct nft_rule_facts *facts, const struct sockaddr_storage *target,
                     struct sockaddr_storage *end) {
  *end = *target;
  if (facts->has_address && facts->address_bytes == 4 && target->ss_family == AF_INET)
    memcpy(&((struct sockaddr_in *)(void *)end)->sin_addr, facts->address, 4);
  if (facts->has_address && facts->address_bytes == 16 && target->ss_family == AF_INET6)
    memcpy(&((struct sockaddr_in6 *)(void *)end)->sin6_addr, facts->address, 16);
  if (facts->port != 0) address_set_port(end, facts->port);
}

static void find_sender(const struct rule_trace *trace, struct trace_findings *findings) {
  const struct trace_reading *reading = &trace->reading;
  findings->real_end = reading->real_end;
  findings->is_sent_on = reading->real_end.ss_family != 0;
  for (size_t i = 0; i < reading->step_count && !findings->has_sender; i++) {
    const struct trace_step *step = &reading->steps[i];
    struct nft_rule_place place = {step->family, step->table, step->chain, step->handle};
    struct nft_rule_facts facts;
    nft_lookup_rule(&place, address_port(&trace->target.address), NULL, NULL, &facts);
    if (!facts.sends_on) continue;
    findings->is_sent_on = findings->has_sender = true;
    describe(trace, step, RULE_SENT_ON, &findings->sender);
    bool is_told = facts.has_address || facts.port != 0;
    if (findings->real_end.ss_family == 0 && is_told) fill_end(&facts, &trace->target.address, &findings->real_end);
  }
}

void rule_trace_finish(struct rule_trace *trace, struct trace_findings *findings) {
  const struct trace_reading *reading = &trace->reading;
  memset(findings, 0, sizeof *findings);
  findings->is_watched = reading->request[TRACE_SENT];
  memcpy(findings->request, reading->request, sizeof findings->request);
  memcpy(findings->reply, reading->reply, sizeof findings->reply);
  if (reading->has_drop) {
    findings->has_rule = true;
    describe(trace, &reading->drop, RULE_DROPPED, &findings->rule);
  } else if (reading->has_queue) {
    findings->has_rule = true;
    describe(trace, &reading->queue, RULE_QUEUED, &findings->rule);
    findings->rule.queue = (uint16_t)(reading->queue.verdict >> QUEUE_SHIFT);
    findings->rule.queue_has_reader = has_reader(findings->rule.queue);
  }
  find_sender(trace, findings);
}
