/* Where the system's own bounds stand. */
#include "common/io/unsent_bound.h"

void unsent_bound(uv_os_fd_t socket) {
  (void)socket;
}

void unsent_unbound(uv_os_fd_t socket) {
  (void)socket;
}
