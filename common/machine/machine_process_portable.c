/* This process where nobody wrote that system's own file yet: what the C library tells, and "unknown" for the rest. */
#include <signal.h>

#include "common/machine/machine.h"

uint64_t machine_descriptor_limit(void) {
  return 0;
}

void machine_raise_descriptor_limit(void) {
}

unsigned machine_free_descriptors(unsigned most) {
  return most;
}

bool machine_has_descriptors(unsigned count) {
  (void)count;
  return true;
}

bool machine_ignores_hang_up(void) {
  return false;
}

bool machine_output_is_unread(int descriptor) {
  (void)descriptor;
  return false;
}

void machine_ignore_broken_pipe(void) {
#ifdef SIGPIPE
  (void)signal(SIGPIPE, SIG_IGN);
#endif
}

void machine_block_signals(void) {
}

int64_t machine_user_id(void) {
  return -1;
}
