/* Where nobody wrote that system's own file yet: libuv finds out. */
#include "server/threads/watch_claim.h"

int watch_claim_take(const uv_loop_t *loop, uv_os_sock_t socket) {
  (void)loop;
  (void)socket;
  return 0;
}

void watch_claim_on_abort(void (*handler)(int number)) {
  (void)handler;
}

bool watch_claim_explain_abort(void) {
  return false;
}
