/* The machine's state where nobody wrote that system's own file yet: nothing is known. */
#include <string.h>
#include <uv.h>

#include "client/result/machine_state.h"

void machine_read_state(struct machine_state *state) {
  memset(state, 0, sizeof *state);
  state->turbo = MACHINE_UNKNOWN;
  state->loopback_mtu_bytes = MACHINE_UNSAID;
  for (size_t i = 0; i < 2; i++)
    state->receive_bytes[i] = state->send_bytes[i] = MACHINE_UNSAID;
  for (size_t i = 0; i < 3; i++)
    state->tcp_receive_bytes[i] = state->tcp_send_bytes[i] = MACHINE_UNSAID;
}

bool machine_read_cpu_times(struct machine_cpu_times *times) {
  (void)times;
  return false;
}

bool machine_read_process(int64_t pid, const char *name, struct machine_process *process) {
  (void)pid;
  (void)name;
  (void)process;
  return false;
}

int machine_pin_cpu(uint64_t cpu) {
  (void)cpu;
  return UV_ENOTSUP;
}

void machine_allowed_cpus(char out[MACHINE_CPU_LIST_SIZE]) {
  out[0] = '\0';
}
