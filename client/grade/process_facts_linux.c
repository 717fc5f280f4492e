/* See process_facts.h. Sources: proc_pid_fd(5), proc_pid_stat(5), proc_pid_status(5), pidfd_getfd(2). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include "client/grade/process_facts.h"
#include "common/machine/proc_file_linux.h"
#include "common/memory/lack.h"
#include "common/text/clock.h"

#define PATH_BYTES 64
#define LINK_BYTES 64
#define LINE_BYTES 1024
/* Of pidfd_open(2) and pidfd_getfd(2), for headers that are older than Linux 5.6; both have these numbers on every
 * architecture but alpha. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

/* The walk over a process's sockets: gathers them, or looks for one. */
struct socket_walk {
  struct process_sockets *sockets;
  char wanted[LINK_BYTES]; /* "socket:[4711]" */
  int found;
};

static void see_descriptor(struct socket_walk *walk, int folder, const char *name) {
  char link[LINK_BYTES];
  ssize_t length = readlinkat(folder, name, link, sizeof link - 1);
  if (length < 0) return;
  link[length] = '\0';
  if (strncmp(link, "socket:", strlen("socket:")) != 0) return;
  int descriptor = (int)strtol(name, NULL, 10);
  if (walk->sockets == NULL) {
    if (strcmp(link, walk->wanted) == 0) walk->found = descriptor;
  } else if (walk->sockets->count < PROCESS_SOCKETS_MAX) {
    walk->sockets->descriptors[walk->sockets->count++] = descriptor;
  }
}

static int walk_sockets(int64_t pid, struct socket_walk *walk) {
  char path[PATH_BYTES];
  snprintf(path, sizeof path, "/proc/%" PRId64 "/fd", pid);
  DIR *folder = opendir(path);
  if (folder == NULL) return lack_note(uv_translate_sys_error(errno));
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
    if (entry->d_name[0] != '.') see_descriptor(walk, dirfd(folder), entry->d_name);
  (void)closedir(folder);
  return 0;
}

static int compare_descriptors(const void *one, const void *other) {
  const int *left = one, *right = other;
  return (*left > *right) - (*left < *right);
}

int process_facts_sockets(int64_t pid, struct process_sockets *sockets) {
  struct socket_walk walk = {.sockets = sockets};
  sockets->count = 0;
  int code = walk_sockets(pid, &walk);
  if (code == 0) qsort(sockets->descriptors, sockets->count, sizeof sockets->descriptors[0], compare_descriptors);
  return code;
}

/* What stands behind the program's name in /proc/PID/stat: " S 1 ...". False: it is gone. */
static bool read_stat(int64_t pid, char line[LINE_BYTES], const char **behind_name) {
  char path[PATH_BYTES];
  snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", pid);
  if (!proc_file_first_line(path, line, LINE_BYTES)) return false;
  const char *end = strrchr(line, ')');
  if (end == NULL || end[1] != ' ') return false;
  *behind_name = end + 2;
  return true;
}

bool process_facts_is_alive(int64_t pid) {
  char line[LINE_BYTES];
  const char *state;
  return read_stat(pid, line, &state) && *state != 'Z' && *state != 'X';
}

int process_facts_cpu_ns(int64_t pid, uint64_t *cpu_ns) {
  char line[LINE_BYTES];
  const char *field;
  uint64_t ticks = 0;
  if (!read_stat(pid, line, &field)) return UV_ESRCH;
  /* The state is the third field; utime and stime are the 14th and the 15th. */
  for (int number = 3; number <= 15 && field != NULL; number++) {
    if (number >= 14) ticks += strtoull(field, NULL, 10);
    field = strchr(field, ' ');
    if (field != NULL) field++;
  }
  *cpu_ns = ticks * (CLOCK_NS_PER_SECOND / (uint64_t)sysconf(_SC_CLK_TCK));
  return 0;
}

struct signal_masks {
  uint64_t ignored, caught;
  bool is_known;
};

static bool on_status_line(void *owner, const char *line) {
  struct signal_masks *masks = owner;
  if (strncmp(line, "SigIgn:", 7) == 0) masks->ignored = strtoull(line + 7, NULL, 16);
  if (strncmp(line, "SigCgt:", 7) != 0) return true;
  masks->caught = strtoull(line + 7, NULL, 16);
  masks->is_known = true;
  return false;
}

bool process_facts_ends_at_sigpipe(int64_t pid) {
  struct signal_masks masks = {.is_known = false};
  char path[PATH_BYTES];
  snprintf(path, sizeof path, "/proc/%" PRId64 "/status", pid);
  (void)proc_file_each_line(path, on_status_line, &masks);
  return masks.is_known && ((masks.ignored | masks.caught) >> (SIGPIPE - 1) & 1) == 0;
}

int process_facts_reuses_address(int64_t pid, uint64_t inode, bool *is_set) {
  struct socket_walk walk = {.found = -1};
  int on = 0, code = 0;
  socklen_t length = sizeof on;
  snprintf(walk.wanted, sizeof walk.wanted, "socket:[%" PRIu64 "]", inode);
  code = walk_sockets(pid, &walk);
  if (code != 0) return code;
  if (walk.found < 0) return UV_ENOENT;
  int process = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
  if (process < 0) return lack_note(uv_translate_sys_error(errno));
  int copy = (int)syscall(SYS_pidfd_getfd, process, walk.found, 0);
  if (copy < 0 || getsockopt(copy, SOL_SOCKET, SO_REUSEADDR, &on, &length) != 0)
    code = lack_note(uv_translate_sys_error(errno));
  *is_set = on != 0;
  if (copy >= 0) (void)close(copy);
  (void)close(process);
  return code;
}
