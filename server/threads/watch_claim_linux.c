/* Room in epoll's list. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "server/threads/watch_claim.h"

static const char no_room[] =
    "lopong: the kernel has no room to watch one more socket (epoll_ctl: ENOSPC), and libuv cannot go on without, so "
    "lopong has ended. The limit is fs.epoll.max_user_watches, for all programs of this user together; sysctl -w raises "
    "it.\n";
static const char no_memory[] =
    "lopong: the kernel has no memory to watch one more socket (epoll_ctl: ENOMEM), and libuv cannot go on without, so "
    "lopong has ended.\n";

/* libuv already has a way for a socket that is watched: it asks to change that (EEXIST, then EPOLL_CTL_MOD). */
int watch_claim_take(const uv_loop_t *loop, uv_os_sock_t socket) {
  struct epoll_event nothing = {.events = 0, .data.fd = socket};
  return epoll_ctl(uv_backend_fd(loop), EPOLL_CTL_ADD, socket, &nothing) == 0 ? 0 : uv_translate_sys_error(errno);
}

void watch_claim_on_abort(void (*handler)(int number)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = (int)SA_RESETHAND;
  (void)sigaction(SIGABRT, &action, NULL);
}

/* abort() follows the call that failed, so errno is still that of it. */
bool watch_claim_explain_abort(void) {
  int reason = errno;
  if (reason != ENOSPC && reason != ENOMEM) return false;
  ssize_t said = reason == ENOSPC ? write(STDERR_FILENO, no_room, sizeof no_room - 1)
                                  : write(STDERR_FILENO, no_memory, sizeof no_memory - 1);
  (void)said;
  return true;
}
