/* Programs and filters beside the firewall's rules that can discard a packet on loopback: the seam. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_LO_PROGRAMS_H
#define LOPING_CLIENT_CHECK_FIREWALL_LO_PROGRAMS_H

#include <stdbool.h>
#include <stdint.h>

#define LO_FILTERS_MAX 4
#define LO_NAME_SIZE   32

/* A filter of tc(8) on the loopback interface. */
struct lo_filter {
  bool is_egress;
  char kind[LO_NAME_SIZE]; /* "u32", "bpf", "matchall", ... */
};

struct lo_programs {
  bool is_looked;       /* whether it could be looked at all */
  uint32_t xdp_program; /* its number; 0 for none */
  unsigned filter_count;
  struct lo_filter filters[LO_FILTERS_MAX];
  char qdisc[LO_NAME_SIZE]; /* the kind of queue that packets leave by, such as "netem"; "" for none */
  unsigned tcx_count;       /* BPF programs on the interface without a filter of tc */
  uint32_t tcx_program;
  unsigned cgroup_count; /* BPF programs of this process's control group that see packets or connections */
  uint32_t cgroup_program;
  char cgroup_hook[LO_NAME_SIZE]; /* where the first stands: "egress", "connect4", ... */
};

void lo_programs_read(struct lo_programs *programs);

/* Is there any? */
bool lo_programs_has_any(const struct lo_programs *programs);

#endif
