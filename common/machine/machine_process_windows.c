/* What this process has of its own on Windows: no limit of descriptors, no signals of a terminal's end, and users that
 * have no numbers. */
#include "common/machine/machine.h"

/* As many as memory has room for. */
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
}

void machine_block_signals(void) {
}

/* The number that libuv gives as the owner of each file: Windows' users have none. */
int64_t machine_user_id(void) {
  return 0;
}
