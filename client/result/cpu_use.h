/* Who used the CPUs during a run: this client, the server, others, and the hypervisor's other guests. */
#ifndef LOPING_CLIENT_RESULT_CPU_USE_H
#define LOPING_CLIENT_RESULT_CPU_USE_H

#include <stdbool.h>
#include <stdint.h>

#include "client/result/machine_state.h"
#include "client/result/result.h"

/* All counters at one moment. */
struct cpu_sample {
  uint64_t at_ns;
  uint64_t user_ns, system_ns; /* of this process */
  bool has_server;
  uint64_t server_ns;
  uint64_t server_threads;
  bool has_machine;
  struct machine_cpu_times machine;
};

/* Reads the counters. `server_pid` is what lopong said of itself on this machine; 0: unknown. Takes about 50 us. */
void cpu_use_sample(uint32_t server_pid, struct cpu_sample *sample);

/* What was used between two samples. The machine's counters go in steps of 10 ms: what they tell is left unknown for
 * less than half a second. Pure. */
void cpu_use_between(const struct cpu_sample *begin, const struct cpu_sample *end, struct result_cpu_use *out);

/* Leaves out of a use that began with `begin` what was used from `from` to `to`: `begin` moves on by that. Pure. */
void cpu_use_skip(const struct cpu_sample *from, const struct cpu_sample *to, struct cpu_sample *begin);

/* Tells the environment the steal of all runs together, each counted by its length. Pure. */
void cpu_use_sum_steal(const struct result_run *runs, size_t count, struct environment *environment);

#endif
