/* What POSIX tells of this process and lets it set: limits, signals, its user. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/machine/machine.h"

uint64_t machine_descriptor_limit(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

void machine_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  /* A refusal leaves the limit as it was, and machine_descriptor_limit() tells it. */
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

unsigned machine_free_descriptors(unsigned most) {
  int made[DESCRIPTORS_TRIED_MAX];
  unsigned used = 0;
  if (most > DESCRIPTORS_TRIED_MAX) most = DESCRIPTORS_TRIED_MAX;
  /* The one name that is there in every container. */
  while (used < most && (made[used] = open("/", O_RDONLY | O_CLOEXEC)) >= 0)
    used++;
  bool is_lack = used < most && (errno == EMFILE || errno == ENFILE);
  for (unsigned i = 0; i < used; i++)
    close(made[i]);
  return is_lack ? used : most;
}

bool machine_has_descriptors(unsigned count) {
  return machine_free_descriptors(count) == count;
}

bool machine_ignores_hang_up(void) {
  struct sigaction action;
  return sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

bool machine_output_is_unread(int descriptor) {
  struct pollfd output = {.fd = descriptor};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

void machine_ignore_broken_pipe(void) {
  (void)signal(SIGPIPE, SIG_IGN);
}

void machine_block_signals(void) {
  sigset_t all;
  sigfillset(&all);
  (void)pthread_sigmask(SIG_BLOCK, &all, NULL);
}

int64_t machine_user_id(void) {
  return (int64_t)geteuid();
}
