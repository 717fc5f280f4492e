/* Where nobody wrote that system's own file yet: nothing is known of another process. */
#include <uv.h>

#include "client/grade/process_facts.h"

int process_facts_sockets(int64_t pid, struct process_sockets *sockets) {
  (void)pid;
  (void)sockets;
  return UV_ENOTSUP;
}

bool process_facts_is_alive(int64_t pid) {
  (void)pid;
  return true;
}

bool process_facts_ends_at_sigpipe(int64_t pid) {
  (void)pid;
  return false;
}

int process_facts_cpu_ns(int64_t pid, uint64_t *cpu_ns) {
  (void)pid;
  (void)cpu_ns;
  return UV_ENOTSUP;
}

int process_facts_reuses_address(int64_t pid, uint64_t inode, bool *is_set) {
  (void)pid;
  (void)inode;
  (void)is_set;
  return UV_ENOTSUP;
}
