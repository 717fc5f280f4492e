/* Where there are no sockets of POSIX, nobody walks. */
#include "client/walk/walk.h"

int walk_run(const struct walk_plan *plan) {
  (void)plan;
  return UV_ENOTSUP;
}
