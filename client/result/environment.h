/* The machine that a result was measured on. Plain data. */
#ifndef LOPING_CLIENT_RESULT_ENVIRONMENT_H
#define LOPING_CLIENT_RESULT_ENVIRONMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "client/result/machine_state.h"

struct environment {
  char system[64];  /* "Linux"; "" where the system does not say, here and below */
  char release[96]; /* of the kernel */
  char architecture[64];
  char cpu_model[128];
  uint32_t cpu_count;
  uint64_t memory_bytes;
  double load_1m; /* runnable tasks over the last minute, before the run; 0 on systems that have no such figure */
  char libuv_version[32];
  struct machine_state state;
  bool has_steal; /* the share of all CPUs' time that the hypervisor gave to others, while the runs were measured */
  double steal_percent;
};

/* Asks the system. What it does not tell stays empty, or MACHINE_UNSAID. */
void environment_gather(struct environment *environment);

#endif
