/* Where no filter is known: the rules in server/echo/datagram_rules.c are the only guard. */
#include "server/echo/datagram_guard.h"

int datagram_guard_attach(uv_os_fd_t descriptor) {
  (void)descriptor;
  return UV_ENOTSUP;
}
