/* Where no filter is known: the rules in server/limits.c are the only guard. */
#include "common/datagram_guard.h"

int datagram_guard_attach(uv_os_fd_t descriptor) {
  (void)descriptor;
  return UV_ENOTSUP;
}
