/* See lo_programs.h. tc(8) and XDP are asked for over routing netlink, programs of a control group by bpf(2). */
#include "client/check/firewall/lo_programs.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client/check/firewall/nft_message_linux.h"
#include "client/check/firewall/route_linux.h"
#include "common/machine/proc_file_linux.h"
#include "common/memory/lack.h"

#define PROGRAMS_ASKED 16
/* linux/bpf.h of newer kernels: BPF_TCX_INGRESS, BPF_TCX_EGRESS. */
#define TCX_INGRESS 46
#define TCX_EGRESS  47

static void on_link(void *owner, unsigned type, const uint8_t *body, size_t length) {
  struct lo_programs *programs = owner;
  struct nft_attribute xdp, found;
  size_t head = NLMSG_ALIGN(sizeof(struct ifinfomsg));
  if (type != RTM_NEWLINK || length < head) return;
  if (!nft_find(body + head, length - head, IFLA_XDP, &xdp) ||
      !nft_find(xdp.bytes, xdp.length, IFLA_XDP_PROG_ID, &found) || found.length != sizeof programs->xdp_program)
    return;
  memcpy(&programs->xdp_program, found.bytes, found.length);
}

static void read_xdp(unsigned index, struct lo_programs *programs) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
  } request = {.header = {.nlmsg_type = RTM_GETLINK}, .link = {.ifi_family = AF_UNSPEC, .ifi_index = (int)index}};
  programs->is_looked = route_ask(&request, sizeof request, false, on_link, programs) == 0;
}

struct filter_question {
  struct lo_programs *programs;
  bool is_egress;
};

static void on_filter(void *owner, unsigned type, const uint8_t *body, size_t length) {
  struct filter_question *question = owner;
  struct lo_programs *programs = question->programs;
  struct nft_attribute kind;
  size_t head = NLMSG_ALIGN(sizeof(struct tcmsg));
  if (type != RTM_NEWTFILTER || length < head || !nft_find(body + head, length - head, TCA_KIND, &kind)) return;
  if (programs->filter_count == LO_FILTERS_MAX) return;
  struct lo_filter *filter = &programs->filters[programs->filter_count];
  filter->is_egress = question->is_egress;
  nft_text(&kind, filter->kind, sizeof filter->kind);
  /* A filter is told several times, once for itself and once for each of its parts. */
  for (unsigned i = 0; i < programs->filter_count; i++)
    if (programs->filters[i].is_egress == filter->is_egress && strcmp(programs->filters[i].kind, filter->kind) == 0)
      return;
  programs->filter_count++;
}

static void read_filters(unsigned index, struct lo_programs *programs) {
  static const struct {
    uint32_t parent;
    bool is_egress;
  } parents[] = {{TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), false},
                 {TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS), true},
                 {TC_H_ROOT, true}};
  for (size_t i = 0; i < sizeof parents / sizeof parents[0]; i++) {
    struct filter_question question = {programs, parents[i].is_egress};
    struct {
      struct nlmsghdr header;
      struct tcmsg filter;
    } request = {.header = {.nlmsg_type = RTM_GETTFILTER},
                 .filter = {.tcm_ifindex = (int)index, .tcm_parent = parents[i].parent}};
    (void)route_ask(&request, sizeof request, true, on_filter, &question);
  }
}

struct queue_question {
  unsigned index;
  struct lo_programs *programs;
};

static void on_queue(void *owner, unsigned type, const uint8_t *body, size_t length) {
  struct queue_question *question = owner;
  struct nft_attribute kind;
  struct tcmsg queue;
  char name[LO_NAME_SIZE];
  size_t head = NLMSG_ALIGN(sizeof queue);
  if (type != RTM_NEWQDISC || length < head || !nft_find(body + head, length - head, TCA_KIND, &kind)) return;
  memcpy(&queue, body, sizeof queue);
  nft_text(&kind, name, sizeof name);
  bool is_own = queue.tcm_ifindex == (int)question->index && queue.tcm_parent == TC_H_ROOT;
  if (is_own && strcmp(name, "noqueue") != 0)
    snprintf(question->programs->qdisc, sizeof question->programs->qdisc, "%s", name);
}

static void read_queue(unsigned index, struct lo_programs *programs) {
  struct queue_question question = {index, programs};
  struct {
    struct nlmsghdr header;
    struct tcmsg queue;
  } request = {.header = {.nlmsg_type = RTM_GETQDISC}, .queue = {.tcm_ifindex = (int)index}};
  (void)route_ask(&request, sizeof request, true, on_queue, &question);
}

/* How many programs stand there, and the first one's number. */
static unsigned ask_for_programs(uint32_t target, uint32_t attach_type, uint32_t flags, uint32_t *first) {
  uint32_t numbers[PROGRAMS_ASKED] = {0};
  union bpf_attr question;
  memset(&question, 0, sizeof question);
  question.query.target_fd = target;
  question.query.attach_type = attach_type;
  question.query.query_flags = flags;
  question.query.prog_ids = (uint64_t)(uintptr_t)numbers;
  question.query.prog_cnt = PROGRAMS_ASKED;
  if (syscall(SYS_bpf, BPF_PROG_QUERY, &question, sizeof question) != 0) return 0;
  if (question.query.prog_cnt > 0 && *first == 0) *first = numbers[0];
  return question.query.prog_cnt;
}

/* Where the control groups of the second version are mounted. */
static bool find_mount(char out[256]) {
  char line[512], type[32];
  bool is_found = false;
  FILE *mounts = proc_file_open("/proc/self/mounts");
  if (mounts == NULL) return false;
  while (!is_found && fgets(line, sizeof line, mounts) != NULL)
    is_found = sscanf(line, "%*s %255s %31s", out, type) == 2 && strcmp(type, "cgroup2") == 0;
  fclose(mounts);
  return is_found;
}

static int open_own_group(void) {
  char mount[256], line[512], path[sizeof mount + sizeof line];
  int group = -1;
  FILE *own = find_mount(mount) ? proc_file_open("/proc/self/cgroup") : NULL;
  if (own == NULL) return -1;
  while (group < 0 && fgets(line, sizeof line, own) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "0::", 3) != 0) continue;
    snprintf(path, sizeof path, "%s%s", mount, line + 3);
    group = proc_file_descriptor(AT_FDCWD, path, O_DIRECTORY);
    /* In a namespace the path can begin above the mount. */
    if (group < 0) group = proc_file_descriptor(AT_FDCWD, mount, O_DIRECTORY);
  }
  fclose(own);
  return group;
}

static void read_cgroup(struct lo_programs *programs) {
  static const struct {
    uint32_t type;
    const char *name;
  } hooks[] = {{BPF_CGROUP_INET_INGRESS, "ingress"},   {BPF_CGROUP_INET_EGRESS, "egress"},
               {BPF_CGROUP_INET4_CONNECT, "connect4"}, {BPF_CGROUP_INET6_CONNECT, "connect6"},
               {BPF_CGROUP_UDP4_SENDMSG, "sendmsg4"},  {BPF_CGROUP_UDP6_SENDMSG, "sendmsg6"}};
  int group = open_own_group();
  if (group < 0) return;
  for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++) {
    unsigned count = ask_for_programs((uint32_t)group, hooks[i].type, BPF_F_QUERY_EFFECTIVE, &programs->cgroup_program);
    if (count > 0 && programs->cgroup_count == 0)
      snprintf(programs->cgroup_hook, sizeof programs->cgroup_hook, "%s", hooks[i].name);
    programs->cgroup_count += count;
  }
  close(group);
}

void lo_programs_read(struct lo_programs *programs) {
  unsigned index = if_nametoindex("lo");
  memset(programs, 0, sizeof *programs);
  if (index != 0) {
    read_xdp(index, programs);
    read_filters(index, programs);
    read_queue(index, programs);
    programs->tcx_count = ask_for_programs(index, TCX_INGRESS, 0, &programs->tcx_program) +
                          ask_for_programs(index, TCX_EGRESS, 0, &programs->tcx_program);
  }
  read_cgroup(programs);
}

bool lo_programs_has_any(const struct lo_programs *programs) {
  return programs->xdp_program != 0 || programs->filter_count > 0 || programs->tcx_count > 0 ||
         programs->qdisc[0] != '\0' || programs->cgroup_count > 0;
}
